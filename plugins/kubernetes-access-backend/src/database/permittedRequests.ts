import type { PermissionCriteria } from '@backstage/plugin-permission-common';
import type { AccessRequestPhase } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import type { AccessRequestFilter } from '@kubernetes-access/backstage-plugin-kubernetes-access-node';
import type { Knex } from 'knex';
import { isPostgres } from './rawConnection';
import { peopleRequests } from './requestPeople';
import { wherePhase } from './wherePhase';

/** What a permission policy makes depend on a request, as a database can be asked. */
export type RequestCriteria = PermissionCriteria<AccessRequestFilter>;

/** Parts of the terms and of the approvers, which are kept as JSON: they never change, and are seldom asked for. */
const JSON_OF = {
  postgres: {
    duration: `(terms::jsonb ->> 'durationSeconds')::numeric`,
    owners: `select 1 from jsonb_array_elements_text(approvers::jsonb -> 'owners') as owner(ref) where owner.ref`,
    namespaces: `select 1 from jsonb_array_elements(terms::jsonb -> 'targets') as target(spec) where target.spec ->> 'namespace'`,
  },
  sqlite: {
    duration: `json_extract(terms, '$.durationSeconds')`,
    owners: `select 1 from json_each(approvers, '$.owners') as owner where owner.value`,
    namespaces: `select 1 from json_each(terms, '$.targets') as target where json_extract(target.value, '$.namespace')`,
  },
} as const;

/** Narrows a query on requests to those that the criteria hold for at `now`: exactly those that the rules hold for. */
export function applyCriteria(
  builder: Knex.QueryBuilder,
  criteria: RequestCriteria,
  now: Date,
): void {
  if ('allOf' in criteria) {
    for (const each of criteria.allOf) {
      builder.where(part => applyCriteria(part, each, now));
    }
  } else if ('anyOf' in criteria) {
    builder.where(some => {
      some.whereRaw('1 = 0');
      for (const each of criteria.anyOf) {
        some.orWhere(part => applyCriteria(part, each, now));
      }
    });
  } else if ('not' in criteria) {
    builder.whereNot(part => applyCriteria(part, criteria.not, now));
  } else {
    applyFilter(builder, criteria, now);
  }
}

/** None of these may be unknown (null) for a request: the opposite of unknown is unknown as well. */
function applyFilter(
  builder: Knex.QueryBuilder,
  filter: AccessRequestFilter,
  now: Date,
): void {
  const json = JSON_OF[isPostgres(builder) ? 'postgres' : 'sqlite'];
  if (filter.key === 'duration') {
    builder.whereRaw(`${json.duration} <= ?`, [filter.maxSeconds]);
    return;
  }
  const { key, values } = filter;
  if (values.length === 0) {
    builder.whereRaw('1 = 0');
    return;
  }
  const marks = values.map(() => '?').join(', ');
  switch (key) {
    case 'requester':
      builder.whereIn('requester', values);
      break;
    case 'approver':
      builder.whereIn('id', peopleRequests('approver', values));
      break;
    case 'owner':
      builder.whereRaw(`exists (${json.owners} in (${marks}))`, values);
      break;
    case 'cluster':
      builder.whereIn('cluster_name', values);
      break;
    case 'namespace':
      builder.whereRaw(
        `not exists (${json.namespaces} not in (${marks}))`,
        values,
      );
      break;
    case 'phase':
      wherePhase(builder, values as AccessRequestPhase[], now);
      break;
    default:
      key satisfies never;
      throw new Error(`Requests cannot be found by '${key}'`);
  }
}
