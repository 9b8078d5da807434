import assert from 'node:assert/strict';
import { test } from 'node:test';
import colors from 'picocolors';
import { frame } from '../dist/cli/frame.js';

const plain = colors.createColors(false);
/** @param {string[]} lines @param {[number, number]} start @param {[number, number]} end */
const framed = (lines, [line, character], [endLine, endCharacter]) => {
  const range = { start: { line, character, offset: 0 }, end: { line: endLine, character: endCharacter, offset: 0 } };
  return frame(lines, range, plain, (marks) => marks).split('\n');
};

test('the marked line has one line before and after it', () => {
  assert.deepEqual(framed(['a', 'b', 'some text', 'd', 'e'], [2, 5], [2, 9]), [
    '2 │ b',
    '3 │ some text',
    '  │      ^^^^',
    '4 │ d',
  ]);
});

test('the first and the last line have no neighbour outside the file', () => {
  assert.deepEqual(framed(['ab'], [0, 0], [0, 2]), ['1 │ ab', '  │ ^^']);
});

test('line numbers of different length stay aligned', () => {
  const lines = Array.from({ length: 12 }, (_, at) => `line ${at + 1}`);
  assert.deepEqual(framed(lines, [8, 0], [8, 4]), [' 8 │ line 8', ' 9 │ line 9', '   │ ^^^^', '10 │ line 10']);
});

test('a range over several lines is marked to the end of its first', () => {
  assert.equal(framed(['{ "a": {', '  "b": 1', '} }'], [0, 7], [2, 1])[1], '  │        ^');
});

test('an empty range has a mark, even after the end of the line', () => {
  assert.equal(framed(['ab'], [0, 2], [0, 2])[1], '  │   ^');
});

test('of a very long line only the part around the mark is shown', () => {
  const [shown, marks] = framed([`${'x'.repeat(100_000)}HERE${'y'.repeat(100_000)}`], [0, 100_000], [0, 100_004]);
  assert.ok(shown.length < 140);
  assert.equal(shown.indexOf('HERE'), marks.indexOf('^^^^'));
});

test('tabs, control and bidirectional characters are replaced by one column', () => {
  assert.deepEqual(framed(['\t\x1b[31m\u202e"a"'], [0, 7], [0, 10]), ['1 │  ·[31m·"a"', '  │        ^^^']);
});
