import type { Entity } from '@backstage/catalog-model';
import { NotFoundError } from '@backstage/errors';
import type { CatalogService } from '@backstage/plugin-catalog-node';
import type {
  AccessProblem,
  ApproverSummary,
  EntityTarget,
  RequestLimits,
} from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import type { RequestDefaults } from '../config';
import type { ClusterConnection } from '../kubernetes';
import { isGuest } from '../permissions/guests';
import { responsibleFor } from './consent';
import { PROBLEMS } from './problems';
import type { ResolvedTarget } from './resolveTargets';
import { resolveTargets } from './resolveTargets';
import type { TargetInspector } from './TargetInspector';
import type { ApproverFinder, Caller } from './types';

/** A target with what is known of it before anything is asked for. */
export interface AssessedTarget extends ResolvedTarget {
  /** Set where there is no problem. */
  connection?: ClusterConnection;
  approvers: ApproverSummary;
}

/** What can be asked for on an entity. */
export interface Assessment {
  entityRef: string;
  problem?: AccessProblem;
  targets: AssessedTarget[];
}

/** An entity's part of what its Access tab shows. */
export interface EntityPreview {
  entityRef: string;
  problem?: AccessProblem;
  targets: EntityTarget[];
  approvers: ApproverSummary;
  limits: RequestLimits;
  /** Whether the caller is of the owners. */
  mayDecide: boolean;
}

const NOBODY: ApproverSummary = { owners: [], users: [] };

/** Finds out what could be asked for on an entity, and who would decide. */
export class EntityAccessService {
  readonly #catalog: CatalogService;
  readonly #inspector: TargetInspector;
  readonly #approvers: ApproverFinder;
  readonly #mayCreate: (caller: Caller, entityRef: string) => Promise<boolean>;
  readonly #defaults: RequestDefaults;
  readonly #excludedNamespaces: string[];
  readonly #fallbackApprovers: string[];

  constructor(options: {
    catalog: CatalogService;
    inspector: TargetInspector;
    approvers: ApproverFinder;
    mayCreate(caller: Caller, entityRef: string): Promise<boolean>;
    defaults: RequestDefaults;
    excludedNamespaces: string[];
    fallbackApprovers: string[];
  }) {
    this.#catalog = options.catalog;
    this.#inspector = options.inspector;
    this.#approvers = options.approvers;
    this.#mayCreate = options.mayCreate;
    this.#defaults = options.defaults;
    this.#excludedNamespaces = options.excludedNamespaces;
    this.#fallbackApprovers = options.fallbackApprovers;
  }

  /**
   * What the form shows before anything is asked for.
   * @throws NotFoundError when the caller cannot see the entity
   */
  async describe(entityRef: string, caller: Caller): Promise<EntityPreview> {
    const [assessment, isPermitted] = await Promise.all([
      this.assess(entityRef, caller),
      this.#mayCreate(caller, entityRef),
    ]);
    const approvers = unionOf(assessment.targets);
    const problem =
      assessment.problem ?? (isPermitted ? undefined : notFor(caller));
    // Who could not ask is not told which pods there are.
    const targets = await Promise.all(
      assessment.targets.map(target =>
        this.#preview(problem ? { ...target, connection: undefined } : target),
      ),
    );
    return {
      entityRef,
      ...(problem ? { problem } : {}),
      targets,
      approvers,
      limits: this.#defaults,
      mayDecide:
        !isGuest(caller.userRef) &&
        approvers.owners.some(ref => caller.ownershipRefs.includes(ref)),
    };
  }

  /**
   * Where the entity's pods are and whether and by whom access to them could be granted, as of now.
   * @throws NotFoundError when the caller cannot see the entity
   */
  async assess(entityRef: string, caller: Caller): Promise<Assessment> {
    const entity = await this.#catalog.getEntityByRef(entityRef, {
      credentials: caller.credentials,
    });
    if (!entity) {
      throw new NotFoundError(`There is no entity '${entityRef}'`);
    }
    const { problem, targets } = resolveTargets(entity, {
      clusters: this.#inspector.clusters(),
      excludedNamespaces: this.#excludedNamespaces,
    });
    const owners = this.responsible(entity);
    if (!problem && owners.length === 0) {
      return {
        entityRef,
        problem: PROBLEMS.noOwner(),
        targets: targets.map(target => ({ ...target, approvers: NOBODY })),
      };
    }
    return {
      entityRef,
      ...(problem ? { problem } : {}),
      targets: await Promise.all(
        targets.map(target => this.#assessTarget(target, owners, caller)),
      ),
    };
  }

  /** Who answers for an entity: its owners, or the fallback approvers where it has none. */
  responsible(entity: Entity): string[] {
    return responsibleFor(entity, this.#fallbackApprovers);
  }

  async #assessTarget(
    target: ResolvedTarget,
    entityOwners: string[],
    caller: Caller,
  ): Promise<AssessedTarget> {
    if (target.problem) {
      return { ...target, approvers: NOBODY };
    }
    const inspection = await this.#inspector.inspect(
      { clusterName: target.cluster.name, namespace: target.namespace },
      entityOwners,
    );
    if (inspection.problem) {
      return { ...target, problem: inspection.problem, approvers: NOBODY };
    }
    const approvers = await this.#approvers.find({
      requester: caller.userRef,
      owners: inspection.owners,
    });
    const { connection } = inspection;
    return approvers.users.length >= this.#defaults.approvals
      ? { ...target, connection, approvers }
      : { ...target, problem: this.#tooFew(approvers), approvers };
  }

  #tooFew({ users }: ApproverSummary): AccessProblem {
    return users.length === 0
      ? PROBLEMS.noApprover()
      : PROBLEMS.tooFewApprovers(this.#defaults.approvals);
  }

  async #preview(target: AssessedTarget): Promise<EntityTarget> {
    const { cluster, namespace, podSelector, connection } = target;
    const { pods, problem } = connection
      ? await this.#inspector.pods(connection, target)
      : { pods: [], problem: target.problem };
    return {
      cluster,
      namespace,
      podSelector,
      pods,
      ...(problem ? { problem } : {}),
    };
  }
}

function notFor({ userRef }: Caller): AccessProblem {
  return isGuest(userRef) ? PROBLEMS.guest() : PROBLEMS.notPermitted();
}

function unionOf(targets: AssessedTarget[]): ApproverSummary {
  const union = (part: 'owners' | 'users') => [
    ...new Set(targets.flatMap(({ approvers }) => approvers[part])),
  ];
  return { owners: union('owners'), users: union('users') };
}
