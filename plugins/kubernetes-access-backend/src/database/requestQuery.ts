import { isTerminal } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import type { Knex } from 'knex';
import { applyCriteria } from './permittedRequests';
import { whereSomebody } from './requestPeople';
import type { RequestQuery } from './types';
import { wherePhase } from './wherePhase';
import { whereWord } from './whereWord';

/** Narrows a query on requests to a page of those that are wanted, in the wanted order. */
export function applyQuery(
  builder: Knex.QueryBuilder,
  query: RequestQuery,
  now: Date,
): void {
  const oldestFirst = query.order === 'oldest';
  builder.orderBy('id', oldestFirst ? 'asc' : 'desc');
  if (query.cursor) {
    builder.where('id', oldestFirst ? '>' : '<', query.cursor);
  }
  narrowQuery(builder, query, now);
}

/** Narrows a query on requests to those that are wanted. */
export function narrowQuery(
  builder: Knex.QueryBuilder,
  query: Omit<RequestQuery, 'order' | 'limit' | 'cursor'>,
  now: Date,
): void {
  if (query.ids) {
    builder.whereIn('id', query.ids);
  }
  if (query.requester) {
    builder.where('requester', query.requester);
  }
  if (query.entityRef) {
    builder.where('entity_ref', query.entityRef);
  }
  if (query.clusterUid) {
    builder.where('cluster_uid', query.clusterUid);
  }
  if (query.open !== undefined) {
    builder.where(open =>
      query.open
        ? open.where('deadline', '>', now.toISOString())
        : open
            .whereNull('deadline')
            .orWhere('deadline', '<=', now.toISOString()),
    );
  }
  if (query.open || query.phases?.every(phase => !isTerminal(phase))) {
    // Follows from the rest. It has an index in which the few that are open stand together.
    builder.where('finished', false);
  }
  if (query.phases) {
    wherePhase(builder, query.phases, now);
  }
  if (query.askedFrom) {
    builder.where('created_at', '>=', query.askedFrom);
  }
  if (query.askedBefore) {
    builder.where('created_at', '<', query.askedBefore);
  }
  for (const word of query.search ?? []) {
    whereWord(builder, word);
  }
  if (query.permitted) {
    applyCriteria(builder, query.permitted, now);
  }
  if (query.decidableBy) {
    const { owners, user } = query.decidableBy;
    builder
      .whereNot('requester', user)
      .where(person =>
        person
          .modify(whereSomebody, 'approver', [...owners, user])
          .orWhere(decider => decider.modify(whereSomebody, 'decider', [user])),
      );
  }
  if (query.visibleTo) {
    const { owners, user } = query.visibleTo;
    builder.where(person =>
      person
        .where('requester', user)
        .orWhere(some =>
          some.modify(whereSomebody, 'approver', [...owners, user]),
        )
        .orWhere(some => some.modify(whereSomebody, 'decider', [user])),
    );
  }
}
