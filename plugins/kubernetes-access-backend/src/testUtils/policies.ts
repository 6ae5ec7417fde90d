import type {
  PermissionsService,
  PermissionsServiceRequestOptions,
} from '@backstage/backend-plugin-api';
import type {
  DefinitivePolicyDecision,
  PolicyDecision,
} from '@backstage/plugin-permission-common';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import { createConditionAuthorizer } from '@backstage/plugin-permission-node';
import { accessRequestRules } from '@kubernetes-access/backstage-plugin-kubernetes-access-node';
import type { RequestStore } from '../database/types';
import { factsOf } from '../permissions/factsOf';

/** One question to a permission policy. */
export interface PolicyQuestion {
  user: string;
  permission: string;
  /** What it is about: an entity ref or the id of a request. */
  resource?: string;
}

/** A permission framework whose policy is a function, and that has evaluated its conditions already. */
export function policyOf(
  allows: (question: PolicyQuestion) => boolean | Promise<boolean>,
): PermissionsService {
  const answer = (
    questions: AnyQuestion[],
    { credentials }: PermissionsServiceRequestOptions,
  ) =>
    Promise.all(
      questions.map(async ({ permission, resourceRef }) => {
        const isAllowed = await allows({
          user: userOf(credentials),
          permission: permission.name,
          resource: resourceRef,
        });
        return resultOf(isAllowed);
      }),
    );
  return { authorize: answer, authorizeConditional: answer };
}

/** A permission framework that holds requests against the conditions that a policy decides by. */
export function conditionalPolicyOf(
  decide: (question: Omit<PolicyQuestion, 'resource'>) => PolicyDecision,
  store: () => Pick<RequestStore, 'get' | 'now'>,
): PermissionsService {
  const isMet = createConditionAuthorizer(Object.values(accessRequestRules));
  const decisionOn = (
    { permission }: AnyQuestion,
    { credentials }: PermissionsServiceRequestOptions,
  ) => decide({ user: userOf(credentials), permission: permission.name });
  const factsBy = async (id: string = '') => {
    const request = await store().get(id);
    return request && factsOf(request, await store().now());
  };
  return {
    authorizeConditional: async (questions, options) =>
      questions.map(question => decisionOn(question, options)),
    authorize: (questions: AnyQuestion[], options) =>
      Promise.all(
        questions.map(async question => {
          const facts = await factsBy(question.resourceRef);
          return resultOf(isMet(decisionOn(question, options), facts));
        }),
      ),
  };
}

interface AnyQuestion {
  permission: { name: string };
  resourceRef?: string;
}

function resultOf(isAllowed: boolean): DefinitivePolicyDecision {
  return { result: isAllowed ? AuthorizeResult.ALLOW : AuthorizeResult.DENY };
}

function userOf({
  principal,
}: PermissionsServiceRequestOptions['credentials']): string {
  return (principal as { userEntityRef: string }).userEntityRef;
}
