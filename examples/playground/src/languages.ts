// Syntax highlighting for each language. Only the engine parses.

import { StreamLanguage, type StringStream } from '@codemirror/language';
import type { Extension } from '@codemirror/state';

interface Mode {
  readonly name: string;
  readonly comment: RegExp;
  readonly string: RegExp;
  /** A key that is written as a string. */
  readonly key?: RegExp;
  /** The beginning and the end of a multi-line string. */
  readonly block?: (stream: StringStream) => RegExp | undefined;
  readonly keywords: RegExp;
}

/** The state inside of a multi-line string or comment. */
interface State {
  end: RegExp | undefined;
  style: string;
}

function mode({ name, comment, string, key, block, keywords }: Mode): Extension {
  return StreamLanguage.define<State>({
    name,
    startState: () => ({ end: undefined, style: '' }),
    copyState: (state) => ({ ...state }),
    languageData: { commentTokens: { line: '//', block: { open: '/*', close: '*/' } } },
    token(stream, state) {
      if (state.end !== undefined) {
        const rest = stream.string.slice(stream.pos).match(state.end);
        const { style } = state;
        if (rest?.index === undefined) stream.skipToEnd();
        else {
          stream.pos += rest.index + rest[0].length;
          state.end = undefined;
        }
        return style;
      }
      if (stream.eatSpace()) return null;
      if (stream.match(comment)) {
        stream.skipToEnd();
        return 'comment';
      }
      if (stream.match('/*')) {
        Object.assign(state, { end: /\*\//, style: 'comment' });
        return 'comment';
      }
      const end = block?.(stream);
      if (end !== undefined) {
        Object.assign(state, { end, style: 'string' });
        return 'string';
      }
      if (key !== undefined && stream.match(key)) return 'propertyName';
      if (stream.match(string)) return 'string';
      if (stream.match(/^\d+(\.\d+)?/)) return 'number';
      if (stream.match(/^(true|false|null)\b/)) return 'atom';
      if (stream.match(keywords)) return 'keyword';
      if (stream.match(/^@[\w.]+/)) return 'meta';
      if (stream.match(/^[A-Za-z_][\w-]*(?=\s*[:=](?!=))/)) return 'propertyName';
      if (stream.match(/^[A-Za-z_][\w-]*(?=\()/)) return 'variableName.function';
      if (stream.match(/^[A-Za-z_][\w-]*/)) return 'variableName';
      stream.next();
      return null;
    },
  });
}

const json = mode({
  name: 'json',
  comment: /^\/\//,
  key: /^"(\\.|[^"\\])*"(?=\s*:)/,
  string: /^"(\\.|[^"\\])*"?/,
  keywords: /^(?!)/,
});

const bicep = mode({
  name: 'bicep',
  comment: /^(\/\/|#disable-next-line\b)/,
  string: /^'(\\.|[^'\\])*'?/,
  block: (stream) => (stream.match("'''") ? /'''/ : undefined),
  keywords:
    /^(param|var|resource|module|output|targetScope|existing|for|in|if|import|using|type|func|metadata|assert|extension|provider|with|as|from)\b/,
});

const hcl = mode({
  name: 'hcl',
  comment: /^(#|\/\/)/,
  string: /^"(\\.|[^"\\])*"?/,
  block: (stream) => {
    const opened = stream.match(/^<<-?(\w+)/);
    return opened && opened !== true ? new RegExp(`^\\s*${opened[1]}$`) : undefined;
  },
  keywords:
    /^(resource|data|module|variable|locals|output|provider|terraform|dynamic|content|moved|import|for|in|if|for_each|count)\b/,
});

/** The language of a file, by its name. */
export function languageOf(path: string): Extension {
  if (/\.bicep(param)?$/i.test(path)) return bicep;
  if (/\.(tf|tofu|tfvars|hcl)$/i.test(path)) return hcl;
  return json;
}
