import { parsePodSelector } from './podSelector';

describe('parsePodSelector', () => {
  it.each([
    ['app=web', [{ key: 'app', operator: 'In', values: ['web'] }]],
    ['app == web', [{ key: 'app', operator: 'In', values: ['web'] }]],
    [
      'example.com/app',
      [{ key: 'example.com/app', operator: 'Exists', values: [] }],
    ],
    [
      'app in (a, b),!canary, tier!=db,x notin (y)',
      [
        { key: 'app', operator: 'In', values: ['a', 'b'] },
        { key: 'canary', operator: 'DoesNotExist', values: [] },
        { key: 'tier', operator: 'NotIn', values: ['db'] },
        { key: 'x', operator: 'NotIn', values: ['y'] },
      ],
    ],
    ['app=', [{ key: 'app', operator: 'In', values: [''] }]],
  ])('reads %s', (text, requirements) => {
    expect(parsePodSelector(text)).toEqual(requirements);
  });

  it.each([
    ['nothing', ''],
    ['spaces', '   '],
    ['an empty requirement', 'app=a,'],
    ['only what is not meant', 'app!=web,!canary'],
    ['a key that is no label', 'a b=c'],
    ['a value that is no label', 'app=a;b'],
    ['two equations in one', 'app=a=b'],
    ['an open parenthesis', 'app in (a'],
    ['a parameter of the URL', 'app=a&fieldSelector=x'],
    ['too much', `app=${'a'.repeat(1000)}`],
  ])('refuses %s', (_, text) => {
    expect(parsePodSelector(text)).toEqual(expect.any(String));
  });
});
