import fc from 'fast-check';
import { MAX_ANSWER_BYTES, readReaperAnswer } from './readReaperAnswer';

const NONCE = '0123456789abcdef';
const read = (text: string) => readReaperAnswer(Buffer.from(text), NONCE);
const line = (rest: string) => `kubernetes-access-reaper ${NONCE} ${rest}\n`;

describe('readReaperAnswer', () => {
  it('reads how many were ended, are left and were spared', () => {
    expect(read(line('done 12 3 1 - 7'))).toEqual({
      kind: 'done',
      ended: 12,
      left: 3,
      spared: 1,
      limits: 'kept',
    });
  });

  it.each([
    ['capable', 'raisable'],
    ['shell', 'unset'],
  ])('reads what the limits are worth: %s', (word, limits) => {
    expect(read(line(`done 0 0 0 ${word} 1`))).toMatchObject({ limits });
  });

  it('reads that nothing could be looked at', () => {
    expect(read(line('cannot look'))).toEqual({ kind: 'cannot' });
  });

  it.each([
    ['nothing', ''],
    ['no end of line', line('done 0 0 0 - 1').trimEnd()],
    ['two answers', line('done 0 0 0 - 1').repeat(2)],
    ['something before it', `\n${line('done 0 0 0 - 1')}`],
    ['an answer to something else', line('done 0 0 0 - 1').replace('0', '1')],
    ['fewer words', line('done 0 0 0 -')],
    ['more words', line('done 0 0 0 - 1 1')],
    ['no number', line('done 0 no 0 - 1')],
    ['a negative number', line('done 0 -1 0 - 1')],
    ['a number in another form', line('done 0 0x0 0 - 1')],
    ['a number that is none of processes', line('done 0 9999999999 0 - 1')],
    ['an unknown word for the limits', line('done 0 0 0 toString 1')],
    ['an unknown verb', line('fine 0 0 0 - 1')],
    ['far too much', line(`done 0 0 0 - 1${' '.repeat(MAX_ANSWER_BYTES)}`)],
  ])('takes %s for no answer', (_, text) => {
    expect(read(text)).toEqual({ kind: 'odd' });
  });

  it('believes no bytes at all that are not its answer to the letter', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 8192 }), bytes => {
        expect(readReaperAnswer(Buffer.from(bytes), NONCE).kind).toBe('odd');
      }),
    );
    fc.assert(
      fc.property(
        fc.nat({ max: line('done 12 3 1 - 7').length - 1 }),
        fc.uint8Array({ minLength: 1, maxLength: 3 }),
        (at, bytes) => {
          const answer = Buffer.from(line('done 12 3 1 - 7'));
          const changed = Buffer.concat([
            answer.subarray(0, at),
            Buffer.from(bytes),
            answer.subarray(at + bytes.length),
          ]);
          const isAnswer =
            /^kubernetes-access-reaper 0123456789abcdef done \d+ \d+ \d+ (-|capable|shell) \d+\n$/;
          // Other digits in the place of digits are another answer, which nobody can tell.
          fc.pre(!isAnswer.test(changed.toString('latin1')));
          expect(readReaperAnswer(changed, NONCE).kind).toBe('odd');
        },
      ),
    );
  });
});
