import type { Figure } from './Figure';
import { OURS } from './Figure';

/** The figures as a Markdown table: a row for each measure, a column for each contender, and our ratio to each. */
export function toTable(figures: readonly Figure[]): string {
  const contenders = [
    OURS,
    ...new Set(
      figures.map(({ contender }) => contender).filter(name => name !== OURS),
    ),
  ];
  const rows = groupByMeasure(figures).map(group => {
    const of = (name: string) =>
      group.find(({ contender }) => contender === name);
    const own = of(OURS);
    const cells = contenders.map(name => {
      const figure = of(name);
      return figure ? cell(figure, own) : '';
    });
    const [{ scenario, measure, unit }] = group;
    return [scenario, `${measure}, ${unit}`, ...cells];
  });
  return [
    ['what', 'measure', ...contenders],
    ['---', '---', ...contenders.map(() => '--:')],
    ...rows,
  ]
    .map(cells => `| ${cells.join(' | ')} |`)
    .join('\n');
}

/** A figure, and in brackets how many times it ours is. */
function cell(figure: Figure, own: Figure | undefined): string {
  const value = rounded(figure.value);
  return !own || own === figure
    ? value
    : `${value} (${rounded(own.value / figure.value)} ×)`;
}

function rounded(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}

function groupByMeasure(figures: readonly Figure[]): Figure[][] {
  const groups = new Map<string, Figure[]>();
  for (const figure of figures) {
    const key = `${figure.scenario} ${figure.measure}`;
    groups.set(key, [...(groups.get(key) ?? []), figure]);
  }
  return [...groups.values()];
}
