/**
 * Imports go one way: plugin → api → stages → what the stages stand on → -common. This file says which folder of src may not import what,
 * as zones of the lint rule import/no-restricted-paths.
 */

/** In the order of a request's life: a stage may read those before it. Sessions write into recordings, so recordings know nothing of them. */
const STAGES = ['requests', 'approvals', 'grants', 'recordings', 'sessions'];

/** What the stages stand on; one concern each, and none of them knows a stage. */
const CONCERNS = [
  'database',
  'kubernetes',
  'audit',
  'permissions',
  'notifications',
];

/** Folders that import nothing but themselves (and -common). */
const ISLANDS = ['controller', 'config'];

/** Folders that read every stage, and that only plugin.ts and api may call. */
const ABOVE_STAGES = ['endings', 'metrics'];

/** Pure files about the words of a request, which everybody may use. */
const WORDS = ['./digest.ts', './requestId.ts', './entityRefs.ts'];

const INDEX_ONLY = ['./index.ts', './types.ts'];

const zone = (target, from, message, except = []) => ({
  target: `./src/${target}`,
  from: `./src/${from}`,
  except,
  message,
});

const pairs = (targets, froms) =>
  targets.flatMap(target =>
    froms.filter(from => from !== target).map(from => [target, from]),
  );

const islands = ISLANDS.map(folder =>
  zone(folder, '', `${folder}/ imports nothing of ours but itself`, [
    `./${folder}`,
  ]),
);

const concerns = pairs(CONCERNS, [...STAGES, ...ABOVE_STAGES]).map(
  ([target, from]) =>
    zone(
      target,
      from,
      `${target}/ is what the stages stand on and knows nothing of ${from}/`,
      from === 'requests' ? WORDS : [],
    ),
);

const laterStages = STAGES.flatMap((stage, index) =>
  [...STAGES.slice(index + 1), ...ABOVE_STAGES].map(later =>
    zone(stage, later, `${stage}/ comes before ${later}/ and does not read it`),
  ),
);

const throughTheIndex = pairs(
  [...STAGES, ...ABOVE_STAGES, 'api'],
  [...STAGES, ...ABOVE_STAGES],
).map(([target, from]) =>
  zone(
    target,
    from,
    `Import ${from}/ through its index.ts`,
    from === 'requests' ? [...INDEX_ONLY, ...WORDS] : INDEX_ONLY,
  ),
);

const top = [...STAGES, ...CONCERNS, ...ABOVE_STAGES].flatMap(target => [
  zone(target, 'api', 'Only plugin.ts and what it is wired with import api/'),
  zone(target, 'wiring', 'Only plugin.ts imports wiring/'),
  zone(target, 'plugin.ts', 'Nobody imports plugin.ts but index.ts'),
]);

const tests = [
  zone('', 'testUtils', 'testUtils/ is for tests', ['./testUtils']),
];

module.exports = [
  ...islands,
  ...concerns,
  ...laterStages,
  ...throughTheIndex,
  ...top,
  ...tests,
];
