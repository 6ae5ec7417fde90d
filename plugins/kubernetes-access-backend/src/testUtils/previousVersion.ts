import type { Knex } from 'knex';

const AT = '2026-01-15T12:00:00.000Z';
const LATER = '2026-01-16T12:00:00.000Z';

/**
 * What the code of the first version did to its tables, statement by statement: it goes on running next to a newer
 * one while replicas are replaced one after the other. Written out, so that it does not change with today's code.
 */
export class PreviousVersion {
  readonly #knex: Knex;

  constructor(knex: Knex) {
    this.#knex = knex;
  }

  async ask(
    id: string,
    requester: string,
    reason: string = 'The queue is stuck.',
  ): Promise<void> {
    await this.#knex('installation')
      .insert({ only: 1, id: 'installation-1', created_at: AT })
      .onConflict('only')
      .ignore();
    await this.#knex('requests').insert({
      id,
      installation_id: 'installation-1',
      cluster_uid: 'cluster-uid',
      cluster_name: 'demo',
      requester,
      entity_ref: 'component:default/payments-api',
      terms: JSON.stringify({
        requester,
        entityRef: 'component:default/payments-api',
        clusterUid: 'cluster-uid',
        targets: [{ namespace: 'payments', podSelector: 'app=payments-api' }],
        accessLevel: 'exec',
        reason,
        durationSeconds: 600,
        policy: { name: 'default', approvals: 1 },
      }),
      digest: 'sha256:1',
      resource_name: `ar-${id}`,
      approvals: 1,
      approvers: '{"owners":["group:default/payments"],"users":[]}',
      notified: '[]',
      created_at: AT,
      pending_until: LATER,
      open_key: id,
      revision: 1,
      phase: 'Pending',
      deadline: LATER,
      observed: '{"removal":{"state":"none"}}',
      finished: false,
    });
    await this.#knex('record_entries').insert({
      request_id: id,
      sequence: 0,
      kind: 'asked',
      actor: requester,
      at: AT,
      payload: JSON.stringify({
        kind: 'asked',
        actor: requester,
        at: AT,
        digest: 'sha256:1',
      }),
      once: 'asked',
    });
    await this.#knex('request_people').insert({
      request_id: id,
      ref: 'group:default/payments',
      role: 'approver',
    });
  }

  async approve(id: string, approver: string): Promise<void> {
    await this.#knex('record_entries').insert({
      request_id: id,
      sequence: 1,
      kind: 'decided',
      actor: approver,
      at: AT,
      payload: JSON.stringify({
        kind: 'decided',
        actor: approver,
        verdict: 'approve',
        digest: 'sha256:1',
        at: AT,
      }),
      once: `decided ${approver}`,
    });
    await this.#knex('request_people').insert({
      request_id: id,
      ref: approver,
      role: 'decider',
    });
    await this.#knex('requests')
      .where({ id })
      .update({ phase: 'Approved', revision: 2 });
  }

  async openSession(id: string, requestId: string): Promise<void> {
    await this.#knex('sessions').insert({
      id,
      request_id: requestId,
      installation_id: 'installation-1',
      cluster_uid: 'cluster-uid',
      user_ref: 'user:default/ada',
      mark: 4711,
      replica: 'an older replica',
      namespace: 'payments',
      pod: 'payments-api-1',
      pod_uid: 'pod-uid',
      container: 'app',
      container_id: 'containerd://1',
      state: 'opening',
      columns: 80,
      rows: 24,
      recorded: true,
      created_at: AT,
      opened_at: null,
      closed_at: null,
      close_reason: null,
      bytes_in: 0,
      bytes_out: 0,
    });
    await this.#knex('tickets').insert({
      hash: id.padEnd(64, '0'),
      session_id: id,
      expires_at: LATER,
      redeemed_at: null,
    });
    await this.#knex('tickets')
      .where({ session_id: id, redeemed_at: null })
      .update({ redeemed_at: AT });
    await this.#knex('sessions')
      .where({ id, state: 'opening' })
      .update({ state: 'open', replica: 'an older replica', opened_at: AT });
    await this.#knex('recording_segments').insert({
      session_id: id,
      sequence: 0,
      digest: '0'.repeat(64),
      data: Buffer.from('output'),
    });
  }

  async closeSession(id: string): Promise<void> {
    await this.#knex('sessions')
      .where({ id })
      .whereNot({ state: 'closed' })
      .update({
        state: 'closed',
        closed_at: AT,
        close_reason: 'The shell ended.',
        bytes_in: 3,
        bytes_out: 5_000_000_000,
      });
  }
}
