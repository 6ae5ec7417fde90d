/**
 * What several replicas on one database need. Expand-only: the version before does not know of these tables and
 * columns, and goes on working.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.createTable('replicas', table => {
    table.comment('The processes that are alive: each says so every 2 s');
    table.string('id', 64).primary();
    table.string('installation_id', 64).notNullable();
    table.string('host', 253).notNullable();
    table.integer('pid').notNullable();
    table.string('started_at', 24).notNullable();
    table
      .string('seen_at', 24)
      .notNullable()
      .comment("By the database's clock");
  });

  await knex.schema.createTable('reap_queue', table => {
    table.comment(
      'Sessions that ended and whose processes have to be ended in their container',
    );
    table
      .string('session_id', 26)
      .primary()
      .references('id')
      .inTable('sessions');
    table.string('request_id', 26).notNullable();
    table.string('installation_id', 64).notNullable();
    table.string('cluster_uid', 64).notNullable();
    table.string('state', 8).notNullable().comment('waiting or settled');
    table.integer('attempts').notNullable().defaultTo(0);
    table.string('due_at', 24).notNullable();
    table.string('claimed_by', 64).nullable().comment('The id of a replica');
    table.string('claimed_until', 24).nullable();
    table.text('outcome').nullable().comment('JSON: what the last try found');
    table.string('created_at', 24).notNullable();
    table.string('settled_at', 24).nullable();
    table.index(['state', 'due_at'], 'reap_queue_due_idx');
    table.index(['request_id'], 'reap_queue_request_idx');
  });

  await knex.schema.alterTable('sessions', table => {
    table
      .boolean('user_in_catalog')
      .nullable()
      .comment('Whether the catalog had the user when the ticket was made');
    table.index(['pod_uid', 'state'], 'sessions_pod_idx');
  });

  await knex.schema.alterTable('record_entries', table => {
    table.index(['at'], 'record_entries_at_idx');
  });

  await knex.schema.alterTable('requests', table => {
    table.index(['finished', 'id'], 'requests_open_idx');
  });
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  await knex.schema.alterTable('requests', table => {
    table.dropIndex(['finished', 'id'], 'requests_open_idx');
  });
  await knex.schema.alterTable('record_entries', table => {
    table.dropIndex(['at'], 'record_entries_at_idx');
  });
  await knex.schema.alterTable('sessions', table => {
    table.dropIndex(['pod_uid', 'state'], 'sessions_pod_idx');
  });
  // Not with knex, which makes the whole table anew on SQLite: others refer to it.
  await knex.raw('alter table sessions drop column user_in_catalog');
  await knex.schema.dropTable('reap_queue');
  await knex.schema.dropTable('replicas');
};
