const BATCH = 500;

/**
 * The text that requests are found by. Expand-only: what the version before writes meanwhile has none, and gets it with
 * its next change.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.alterTable('requests', table => {
    table
      .text('search_text')
      .nullable()
      .comment(
        'Entity, requester, reason and deciders, in lower case: computed, for searching',
      );
  });
  let after = '';
  for (;;) {
    const requests = await knex('requests')
      .select('id', 'entity_ref', 'requester', 'terms')
      .where('id', '>', after)
      .orderBy('id')
      .limit(BATCH);
    if (requests.length === 0) {
      return;
    }
    await fill(knex, requests);
    after = requests[requests.length - 1].id;
  }
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  // Not with knex, which makes the whole table anew on SQLite: others refer to it.
  await knex.raw('alter table requests drop column search_text');
};

/** One statement for many: a PostgreSQL may be far away. */
async function fill(knex, requests) {
  const decided = await knex('record_entries')
    .select('request_id', 'actor')
    .where({ kind: 'decided' })
    .whereIn(
      'request_id',
      requests.map(({ id }) => id),
    );
  const texts = requests.map(({ id, entity_ref, requester, terms }) => [
    id,
    [
      entity_ref,
      requester,
      JSON.parse(terms).reason,
      ...decided
        .filter(({ request_id }) => request_id === id)
        .map(({ actor }) => actor),
    ]
      .join('\n')
      .normalize('NFC')
      .toLowerCase(),
  ]);
  const isPostgres = knex.client.config.client === 'pg';
  await knex.raw(
    `update requests set search_text = filled.value from ${
      isPostgres ? 'json_each_text(?::json)' : 'json_each(?)'
    } as filled where requests.id = filled.key`,
    [JSON.stringify(Object.fromEntries(texts))],
  );
}
