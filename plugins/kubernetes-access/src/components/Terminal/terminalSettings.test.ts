import { readSettings, writeSettings } from './terminalSettings';

function aStore(content?: string) {
  let kept: string | null = content ?? null;
  return {
    getItem: () => kept,
    setItem: (_: string, value: string) => {
      kept = value;
    },
  };
}

const DEFAULTS = { fontSize: 14, colours: 'auto', screenReader: true };

describe('the settings of terminals', () => {
  it('are remembered', () => {
    const store = aStore();
    const mine = {
      fontSize: 18,
      colours: 'contrast',
      screenReader: false,
    } as const;
    writeSettings(store, mine);
    expect(readSettings(store)).toEqual(mine);
  });

  it.each(['', 'null', '3', '{', '{"fontSize":"huge","colours":"pink"}'])(
    'are the usual ones where %s was kept',
    content => {
      expect(readSettings(aStore(content))).toEqual(DEFAULTS);
    },
  );

  it('never make the text too small or too large to be used', () => {
    expect(readSettings(aStore('{"fontSize":400}')).fontSize).toBe(28);
    expect(readSettings(aStore('{"fontSize":1}')).fontSize).toBe(9);
  });

  it('hold without being kept where the browser keeps nothing', () => {
    const refuse = () => {
      throw new Error('SecurityError');
    };
    const store = { getItem: refuse, setItem: refuse };
    expect(() => writeSettings(store, readSettings(store))).not.toThrow();
  });
});
