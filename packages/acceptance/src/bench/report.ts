import type { Figure } from './Figure';
import { OURS } from './Figure';
import { GOALS } from './goals';
import type { ScenarioName } from './scenarios/names';

/** Figures with the scenario that they come from, by the name that `--only` takes. */
export type Results = Map<ScenarioName, Figure[]>;

/** A Markdown table: a row for each measure, with ours, everybody else's beside it and how many times that ours is. */
export function toTable(results: Results): string {
  const rows = [...results].flatMap(([name, figures]) =>
    groupByMeasure(figures).map((group, index) => {
      const own = group.find(({ contender }) => contender === OURS);
      const [{ scenario, measure, unit }] = group;
      return [
        index === 0 ? name : '',
        scenario,
        `${measure}, ${unit}`,
        own ? rounded(own.value) : '',
        group
          .filter(figure => figure !== own)
          .map(figure => beside(figure, own))
          .join(', '),
        index === 0 ? GOALS[name] : '',
      ];
    }),
  );
  return aligned(
    ['scenario', 'what', 'measure', OURS, 'beside it', 'goal'],
    rows,
  );
}

/** As the formatter of documents would have it. Ours stands at the right of its column. */
function aligned(titles: string[], rows: string[][]): string {
  const widths = titles.map((title, column) =>
    Math.max(3, title.length, ...rows.map(cells => cells[column].length)),
  );
  const isRight = (column: number) => titles[column] === OURS;
  const line = (cells: string[]) =>
    `| ${cells
      .map((cell, column) =>
        isRight(column)
          ? cell.padStart(widths[column])
          : cell.padEnd(widths[column]),
      )
      .join(' | ')} |`;
  const rule = widths.map((width, column) =>
    isRight(column) ? `${'-'.repeat(width - 1)}:` : '-'.repeat(width),
  );
  return [line(titles), line(rule), ...rows.map(line)].join('\n');
}

/** Somebody else's figure, and in brackets how many times it ours is. */
function beside(figure: Figure, own: Figure | undefined): string {
  const text = `${figure.contender} ${rounded(figure.value)}`;
  return own ? `${text} (${rounded(own.value / figure.value)} ×)` : text;
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
