import type { GrantContext } from '../GrantContext';

/** Notes the UID of the resource, so that another one under its name is never taken for it. */
export async function recordResource(
  { store }: GrantContext,
  requestId: string,
  resourceUid: string,
): Promise<void> {
  await store.change(requestId, ({ observed }) =>
    observed.resourceUid ? {} : { observed: { resourceUid } },
  );
}
