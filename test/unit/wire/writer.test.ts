import protobuf from 'protobufjs';
import { describe, expect, test } from 'vitest';
import { writeUint64 } from '../../../src/wire/int64.ts';
import { Writer } from '../../../src/wire/writer.ts';

/** What the writer writes into too little room, and what protobufjs writes. */
function both(write: (writer: Writer) => void, reference: (writer: protobuf.Writer) => void): [number[], number[]] {
  const ours = new Writer(1);
  write(ours);
  const theirs = new protobuf.Writer();
  reference(theirs);
  return [[...ours.finish()], [...theirs.finish()]];
}

describe('writes what protobufjs writes', () => {
  test.each([0, 127, 128, 16_383, 16_384, 2 ** 32 - 1])('uint32 %i', (value) => {
    const [ours, theirs] = both(
      (writer) => writer.uint32(value),
      (writer) => writer.uint32(value),
    );
    expect(ours).toEqual(theirs);
  });

  test.each([0, 127, 128, 2 ** 32 - 1, 2 ** 32, 2 ** 35, 2 ** 52 + 1, Number.MAX_SAFE_INTEGER])(
    'uint64 %i',
    (value) => {
      const [ours, theirs] = both(
        (writer) => writeUint64(writer, value),
        (writer) => writer.uint64(value),
      );
      expect(ours).toEqual(theirs);
    },
  );

  test.each([0, 1, 2 ** 31, 2 ** 32 - 1])('fixed32 %i', (value) => {
    const [ours, theirs] = both(
      (writer) => writer.fixed32(value),
      (writer) => writer.fixed32(value),
    );
    expect(ours).toEqual(theirs);
  });

  test.each(['', 'a', 'a'.repeat(127), 'a'.repeat(128), 'é', `${'a'.repeat(126)}é`, '漢'.repeat(50), '🙂'.repeat(100)])(
    'the text %s',
    (text) => {
      const [ours, theirs] = both(
        (writer) => writer.string(text),
        (writer) => writer.string(text),
      );
      expect(ours).toEqual(theirs);
    },
  );

  test.each([0, 127, 128, 20_000])('%i bytes within something, whatever the guess', (length) => {
    const content = new Uint8Array(length).fill(7);
    for (const guess of [1, 2, 3]) {
      const [ours, theirs] = both(
        (writer) => {
          const start = writer.begin(guess);
          writer.bytes(content);
          writer.end(start, guess);
        },
        (writer) => writer.fork().bytes(content).ldelim(),
      );
      expect(ours).toEqual(theirs);
    }
  });
});
