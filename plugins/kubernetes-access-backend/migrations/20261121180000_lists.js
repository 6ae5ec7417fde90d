/**
 * What lists need when there are many requests: who could or did decide on one is found in the index alone.
 * Expand-only.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.alterTable('request_people', table => {
    table.index(['ref', 'role', 'request_id'], 'request_people_requests_idx');
  });
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  await knex.schema.alterTable('request_people', table => {
    table.dropIndex(
      ['ref', 'role', 'request_id'],
      'request_people_requests_idx',
    );
  });
};
