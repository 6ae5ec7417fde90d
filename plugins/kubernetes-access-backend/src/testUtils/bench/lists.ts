import type { Engine } from '../engines';
import type { Figure } from './Figure';
import { OURS, percentile } from './Figure';
import type { BenchCluster } from './StoredBackend';
import { StoredBackend } from './StoredBackend';

/** What pages ask for: what of, who, and where. */
const QUESTIONS = [
  ['all, 100 a page', 'pia', '/requests?scope=all&limit=100'],
  ['mine', 'ada', '/requests?scope=mine'],
  ['to decide', 'olga', '/requests?scope=to-decide'],
  ['searched', 'olga', '/requests?scope=all&search=ledger'],
  ['badges', 'olga', '/counts'],
] as const;

/** Pages of lists over many stored requests, beside the same over a handful, in turns. */
export async function lists(
  engine: Engine,
  cluster: BenchCluster,
  options: { stored: number; rounds: number },
): Promise<Figure[]> {
  const many = await StoredBackend.start(engine, cluster, options.stored);
  const few = await StoredBackend.start(engine, cluster, 25);
  try {
    await Promise.all([many.run(), few.run()]);
    const contenders = [
      { name: OURS, backend: many },
      { name: '25 stored', backend: few },
    ];
    const figures: Figure[] = [];
    for (const [what, person, path] of QUESTIONS) {
      const samples = new Map<string, number[]>();
      for (let round = 0; round < options.rounds; round++) {
        for (const { name, backend } of contenders) {
          const took = await timeOf(backend, person, path);
          samples.set(name, [...(samples.get(name) ?? []), took]);
        }
      }
      for (const [contender, values] of samples) {
        figures.push(
          ...[0.5, 0.99].map(
            (share): Figure => ({
              scenario: `list with ${options.stored} stored (${engine}): ${what}`,
              measure: `p${share * 100}`,
              unit: 'ms',
              contender,
              value: percentile(values, share),
            }),
          ),
        );
      }
    }
    return figures;
  } finally {
    await many.close();
    await few.close();
  }
}

async function timeOf(
  { api }: StoredBackend,
  person: string,
  path: string,
): Promise<number> {
  const began = performance.now();
  const { status, body } = await api.get(person, path);
  const took = performance.now() - began;
  if (status !== 200) {
    throw new Error(`GET ${path} was answered with ${JSON.stringify(body)}`);
  }
  return took;
}
