// What TypeScript itself does not see: promises that nobody waits for, and what is left over. Formatting is prettier's.

import tseslint from 'typescript-eslint';

export default tseslint.config(
  { ignores: ['target', '**/dist', '**/wasm', 'npm/bin', 'npm/src/types.ts'] },
  ...tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: {
      parserOptions: {
        project: ['npm/tsconfig.json', 'tests/tsconfig.json', 'examples/playground/tsconfig.json'],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      // The runner waits for its tests.
      '@typescript-eslint/no-floating-promises': [
        'error',
        {
          allowForKnownSafeCalls: [
            { from: 'package', package: 'node:test', name: ['test', 'before', 'after', 'beforeEach', 'afterEach'] },
          ],
        },
      ],
      // A member may be taken out of an object so that the rest lacks it.
      '@typescript-eslint/no-unused-vars': ['error', { ignoreRestSiblings: true }],
      // What is a promise by its type may have its answer at once.
      '@typescript-eslint/require-await': 'off',
      eqeqeq: 'error',
    },
  },
  {
    // Tests and scripts read JSON without writing its type down, print what they compare, and put methods of their own in the place of others.
    files: ['**/*.js', '**/*.mjs'],
    rules: Object.fromEntries(
      [
        'no-unsafe-argument',
        'no-unsafe-assignment',
        'no-unsafe-call',
        'no-unsafe-member-access',
        'no-unsafe-return',
        'restrict-template-expressions',
        'unbound-method',
      ].map((name) => [`@typescript-eslint/${name}`, 'off']),
    ),
  },
);
