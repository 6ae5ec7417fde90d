import { toError } from '@backstage/errors';
import { useApi } from '@backstage/core-plugin-api';
import type { EntityAccess } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import { useEffect, useReducer } from 'react';
import { kubernetesAccessApiRef } from '../../api';
import { announceChange } from '../../hooks/changes';
import { draftOf, forgetDraft, keepDraft } from './drafts';
import type { FieldName, FieldProblem } from './requestForm';
import { emptyForm, requestFormReducer, validate } from './requestForm';

/** The form's state and what can be done with it. */
export function useRequestForm(
  access: EntityAccess,
  onSent: () => Promise<void>,
) {
  const api = useApi(kubernetesAccessApiRef);
  const { entityRef, targets, limits } = access;
  const [state, dispatch] = useReducer(requestFormReducer, undefined, () => ({
    ...emptyForm({ targets, limits, key: newKey() }),
    ...draftOf(api, entityRef),
  }));
  useEffect(() => keepDraft(api, entityRef, state), [api, entityRef, state]);
  const validation = validate(state, targets, limits);
  const problems = validation.isValid ? [] : validation.problems;

  const send = async (): Promise<void> => {
    if (state.isSending) {
      return;
    }
    if (!validation.isValid) {
      dispatch({ type: 'refuse' });
      return;
    }
    const { target, durationSeconds, reason } = validation.filled;
    dispatch({ type: 'send' });
    try {
      await api.createRequest(
        {
          entityRef,
          cluster: target.cluster.name,
          namespace: target.namespace,
          accessLevel: 'exec',
          reason,
          durationSeconds,
        },
        { idempotencyKey: state.idempotencyKey },
      );
      forgetDraft(api, entityRef);
      announceChange();
      await onSent();
    } catch (error) {
      dispatch({ type: 'fail', error: toError(error) });
    }
  };

  return {
    state,
    validation,
    problemOf<Name extends FieldName>(field: Name) {
      return problems.find(
        (problem): problem is Extract<FieldProblem, { field: Name }> =>
          problem.field === field,
      );
    },
    chooseTarget: (targetKey: string) =>
      dispatch({ type: 'choose-target', targetKey, newKey: newKey() }),
    changeDuration: (duration: string) =>
      dispatch({ type: 'change-duration', duration, newKey: newKey() }),
    changeReason: (reason: string) =>
      dispatch({ type: 'change-reason', reason, newKey: newKey() }),
    leave: (field: FieldName) => dispatch({ type: 'leave', field }),
    send,
  };
}

// crypto.randomUUID is missing where Backstage is served over plain HTTP.
function newKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), byte =>
    byte.toString(16).padStart(2, '0'),
  ).join('');
}
