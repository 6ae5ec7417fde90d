import type { AccessRequestResource } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';

/** Remembers how this process left the resources of requests, so that its own writes are no news when they are watched. */
export class OwnResourceWrites {
  readonly #versions = new Map<string, string | undefined>();

  /** @param written - as the API server answered */
  note({ metadata }: AccessRequestResource): void {
    this.#versions.set(metadata.name, metadata.resourceVersion);
  }

  /** Whether a resource is as it was written here last. */
  isAsWritten({ metadata }: AccessRequestResource): boolean {
    return (
      metadata.resourceVersion !== undefined &&
      this.#versions.get(metadata.name) === metadata.resourceVersion
    );
  }

  forget(name: string): void {
    this.#versions.delete(name);
  }
}
