/**
 * The first tables. Instants are UTC ISO-8601 text with milliseconds, so that they sort and compare the same on
 * every engine; objects are JSON text.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.createTable('installation', table => {
    table.comment('The identity of this installation: one row');
    table.integer('only').primary().comment('Always 1');
    table.string('id', 64).notNullable();
    table.string('created_at', 24).notNullable();
  });

  await knex.schema.createTable('requests', table => {
    table.comment(
      'What was asked for, with a projection of the record for queries',
    );
    table.string('id', 26).primary();
    table.string('installation_id', 64).notNullable();
    table.string('cluster_uid', 64).notNullable();
    table.string('cluster_name', 253).notNullable();
    table.string('requester', 1024).notNullable();
    table.string('entity_ref', 1024).notNullable();
    table
      .text('terms')
      .notNullable()
      .comment('JSON: everything that the digest covers');
    table.string('digest', 80).notNullable();
    table.string('resource_name', 253).notNullable();
    table.integer('approvals').notNullable();
    table
      .text('approvers')
      .notNullable()
      .comment('JSON: who could decide when it was asked');
    table
      .text('notified')
      .notNullable()
      .comment('JSON: entity refs that were told');
    table.string('created_at', 24).notNullable();
    table.string('pending_until', 24).notNullable();
    table
      .string('open_key', 64)
      .nullable()
      .comment(
        'Hash of requester, targets and level while open: at most one such request',
      );
    table.integer('revision').notNullable();
    table
      .string('phase', 16)
      .notNullable()
      .comment('At the last change; the truth is computed');
    table
      .string('deadline', 24)
      .nullable()
      .comment('When the clock alone ends it; null when it has ended');
    table
      .text('observed')
      .notNullable()
      .comment('JSON: what was seen in the cluster');
    table
      .boolean('finished')
      .notNullable()
      .comment('Ended and verifiably removed');
    table.unique(['open_key'], { indexName: 'requests_open_key_uniq' });
    table.index(['requester', 'id'], 'requests_requester_idx');
    table.index(['entity_ref', 'id'], 'requests_entity_idx');
    table.index(['cluster_uid', 'finished'], 'requests_unfinished_idx');
  });

  await knex.schema.createTable('record_entries', table => {
    table.comment('What people and the clock did to a request; append-only');
    table
      .string('request_id', 26)
      .notNullable()
      .references('id')
      .inTable('requests');
    table.integer('sequence').notNullable();
    table.string('kind', 16).notNullable();
    table.string('actor', 1024).notNullable();
    table.string('at', 24).notNullable();
    table.text('payload').notNullable().comment('JSON: the entry');
    table
      .string('once', 1040)
      .nullable()
      .comment(
        'What may stand only once per request: each approver, the start, the end',
      );
    table.primary(['request_id', 'sequence']);
    table.unique(['request_id', 'once'], {
      indexName: 'record_entries_once_uniq',
    });
  });

  await knex.schema.createTable('request_people', table => {
    table.comment(
      'Who could or did decide on a request: for queries by person',
    );
    table
      .string('request_id', 26)
      .notNullable()
      .references('id')
      .inTable('requests');
    table.string('ref', 1024).notNullable();
    table.string('role', 16).notNullable().comment('approver or decider');
    table.primary(['request_id', 'ref', 'role']);
    table.index(['ref', 'role'], 'request_people_ref_idx');
  });

  await knex.schema.createTable('idempotency_keys', table => {
    table.string('user_ref', 1024).notNullable();
    table.string('key', 128).notNullable();
    table.string('request_id', 26).notNullable();
    table.string('digest', 80).notNullable();
    table.string('created_at', 24).notNullable();
    table.primary(['user_ref', 'key']);
  });

  await knex.schema.createTable('sessions', table => {
    table.comment('Terminals; a row is written before its exec is opened');
    table.string('id', 26).primary();
    table
      .string('request_id', 26)
      .notNullable()
      .references('id')
      .inTable('requests');
    table.string('installation_id', 64).notNullable();
    table.string('cluster_uid', 64).notNullable();
    table.string('user_ref', 1024).notNullable();
    table
      .integer('mark')
      .notNullable()
      .comment('Marks the processes of the session');
    table
      .string('replica', 64)
      .notNullable()
      .comment('The process that holds the socket');
    table.string('namespace', 253).notNullable();
    table.string('pod', 253).notNullable();
    table.string('pod_uid', 64).notNullable();
    table.string('container', 253).notNullable();
    table.string('container_id', 256).notNullable();
    table.string('state', 8).notNullable().comment('opening, open or closed');
    table.integer('columns').notNullable();
    table.integer('rows').notNullable();
    table.boolean('recorded').notNullable();
    table.string('created_at', 24).notNullable();
    table.string('opened_at', 24).nullable();
    table.string('closed_at', 24).nullable();
    table.text('close_reason').nullable();
    table.bigInteger('bytes_in').notNullable().defaultTo(0);
    table.bigInteger('bytes_out').notNullable().defaultTo(0);
    table.index(['request_id'], 'sessions_request_idx');
    table.index(['state', 'user_ref'], 'sessions_live_idx');
  });

  await knex.schema.createTable('tickets', table => {
    table.comment('Hashes of the one-time secrets that open a session');
    table.string('hash', 64).primary();
    table
      .string('session_id', 26)
      .notNullable()
      .references('id')
      .inTable('sessions');
    table.string('expires_at', 24).notNullable();
    table.string('redeemed_at', 24).nullable();
  });

  await knex.schema.createTable('recording_segments', table => {
    table.comment('asciicast v2 lines of a session, gzipped');
    table
      .string('session_id', 26)
      .notNullable()
      .references('id')
      .inTable('sessions');
    table.integer('sequence').notNullable();
    table.string('digest', 64).notNullable();
    table.binary('data').notNullable();
    table.primary(['session_id', 'sequence']);
  });

  await knex.schema.createTable('audit_chains', table => {
    table.comment('The head of each chain; its row serialises the writers');
    table.string('chain', 64).primary();
    table.integer('sequence').notNullable();
    table.string('mac', 64).notNullable();
  });

  await knex.schema.createTable('audit_events', table => {
    table.comment(
      'Append-only; each row is bound to the one before it by an HMAC',
    );
    table.string('chain', 64).notNullable();
    table.integer('sequence').notNullable();
    table.string('event_id', 64).notNullable();
    table.string('actor', 1024).notNullable();
    table.string('outcome', 16).notNullable();
    table.string('request_id', 26).nullable();
    table.string('at', 24).notNullable();
    table.text('meta').notNullable();
    table.string('key_id', 64).notNullable();
    table.string('previous', 64).notNullable();
    table.string('mac', 64).notNullable();
    table.primary(['chain', 'sequence']);
    table.index(['at'], 'audit_events_at_idx');
  });
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  for (const table of [
    'audit_events',
    'audit_chains',
    'recording_segments',
    'tickets',
    'sessions',
    'idempotency_keys',
    'request_people',
    'record_entries',
    'requests',
    'installation',
  ]) {
    await knex.schema.dropTable(table);
  }
};
