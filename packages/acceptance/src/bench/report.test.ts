import type { Figure } from './Figure';
import { toTable } from './report';

const aFigure = (contender: string, value: number): Figure => ({
  scenario: 'echo',
  measure: 'p50',
  unit: 'ms',
  contender,
  value,
});

describe('toTable', () => {
  it('puts ours first and says how many times the others ours is', () => {
    expect(
      toTable([aFigure('raw', 1), aFigure('Kubernetes Access', 1.5)]),
    ).toBe(
      [
        '| what | measure | Kubernetes Access | raw |',
        '| --- | --- | --: | --: |',
        '| echo | p50, ms | 1.50 | 1.00 (1.50 ×) |',
      ].join('\n'),
    );
  });

  it('leaves a cell empty where there is nothing to compare with', () => {
    const other = { ...aFigure('raw', 250), measure: 'p99' };
    expect(toTable([aFigure('Kubernetes Access', 1.5), other])).toContain(
      '| echo | p99, ms |  | 250 |',
    );
  });
});
