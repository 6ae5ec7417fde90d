import type { Figure } from './Figure';
import { toTable } from './report';

const aFigure = (contender: string, value: number): Figure => ({
  scenario: 'keystroke echo',
  measure: 'p50',
  unit: 'ms',
  contender,
  value,
});

describe('toTable', () => {
  it('puts others beside ours, says how many times theirs ours is, and names the goal once', () => {
    const slow = { ...aFigure('Kubernetes Access', 250), measure: 'p99' };
    expect(
      toTable(
        new Map([
          [
            'open',
            [
              aFigure('raw', 1),
              aFigure('kubectl exec', 2),
              aFigure('Kubernetes Access', 1.5),
              slow,
            ],
          ],
        ]),
      ),
    ).toBe(
      [
        '| scenario | what           | measure | Kubernetes Access | beside it                                      | goal          |',
        '| -------- | -------------- | ------- | ----------------: | ---------------------------------------------- | ------------- |',
        '| open     | keystroke echo | p50, ms |              1.50 | raw 1.00 (1.50 ×), kubectl exec 2.00 (0.750 ×) | ≤ raw + 20 ms |',
        '|          | keystroke echo | p99, ms |               250 |                                                |               |',
      ].join('\n'),
    );
  });

  it('leaves ours empty where only others have the measure', () => {
    expect(toTable(new Map([['echo', [aFigure('raw', 250)]]]))).toMatch(
      /\| p50, ms \| +\| raw 250 +\|/,
    );
  });
});
