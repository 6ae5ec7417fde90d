import { readCast } from './cast';

async function* linesOf(...lines: unknown[]): AsyncGenerator<string> {
  for (const line of lines) {
    yield typeof line === 'string' ? line : JSON.stringify(line);
  }
}

const HEADER = { version: 2, width: 100, height: 30 };

describe('a cast', () => {
  it('is read with what the back end found of it', async () => {
    const check = { session: 's', state: 'whole', open: false, problems: [] };
    const cast = await readCast(
      linesOf(
        { ...HEADER, 'kubernetes-access': check },
        [0.1, 'o', 'hello'],
        [2, 'r', '80x24'],
        [3, 'm', 'The recording stops here.'],
      ),
    );
    expect(cast).toEqual({
      columns: 100,
      rows: 30,
      events: [
        [0.1, 'o', 'hello'],
        [2, 'r', '80x24'],
        [3, 'm', 'The recording stops here.'],
      ],
      hasOutput: true,
      remarks: ['The recording stops here.'],
      check,
    });
  });

  it('has nothing to play when nothing was shown', async () => {
    const cast = await readCast(linesOf(HEADER, [1, 'r', '80x24']));
    expect(cast.hasOutput).toBe(false);
  });

  it.each([
    ['input', [1, 'i', 'secret']],
    ['an event of another kind', [1, 'x', '0']],
    ['output that is no text', [1, 'o', { html: '<b>' }]],
    ['a time that is none', ['1', 'o', 'text']],
    ['a size that is none', [1, 'r', '80x24<img src=x>']],
    ['a broken line', '[1, "o", "tex'],
    ['an object', { 1: 'o' }],
  ])('lets %s not through', async (_, line) => {
    const { events } = await readCast(linesOf(HEADER, line, [2, 'o', 'next']));
    expect(events).toEqual([[2, 'o', 'next']]);
  });

  it('reserves no room for sizes that no screen has', async () => {
    const cast = await readCast(
      linesOf({ ...HEADER, width: 1e9, height: -1 }, [1, 'r', '99999x2']),
    );
    expect(cast).toMatchObject({ columns: 1000, rows: 24 });
    expect(cast.events).toEqual([[1, 'r', '1000x2']]);
  });

  it('never goes back in time', async () => {
    const { events } = await readCast(
      linesOf(HEADER, [5, 'o', 'a'], [1, 'o', 'b']),
    );
    expect(events.map(([at]) => at)).toEqual([5, 5]);
  });

  it.each([
    ['nothing', []],
    ['a page', ['<html></html>']],
    ['another version', [{ version: 1, stdout: [] }]],
  ])('is not made of %s', async (_, lines) => {
    await expect(readCast(linesOf(...lines))).rejects.toThrow(/recording/);
  });
});
