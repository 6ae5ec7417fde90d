import { randomInt } from 'node:crypto';
import {
  ACCESS_REQUEST_FINALIZER,
  API_GROUP,
  API_VERSION,
  GRANT_NAME_PREFIX,
  LABELS,
  MANAGED_BY,
} from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import { aSpec } from './AccessRequests';
import type { Kubectl } from './ChartRelease';
import type { Rule } from './helm';
import { execOn } from './objects';

const RBAC = 'rbac.authorization.k8s.io';
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';

/** An object of Kubernetes, which a test changes before it is written. */
export interface Draft {
  apiVersion: string;
  kind: string;
  metadata: {
    name: string;
    namespace?: string;
    labels?: Record<string, string>;
    ownerReferences?: object[];
    finalizers?: string[];
  };
  [more: string]: unknown;
}

/** An id of a request, as the back end makes them. */
export function aRequestId(): string {
  return `0${Array.from({ length: 25 }, () => ALPHABET[randomInt(32)]).join(
    '',
  )}`;
}

/** The AccessRequest of a request, as the back end writes it. */
export function anAccessRequest(id: string = aRequestId()): Draft {
  return {
    apiVersion: `${API_GROUP}/${API_VERSION}`,
    kind: 'AccessRequest',
    metadata: {
      name: `ar-${id}`,
      labels: labelsOf(id),
      finalizers: [ACCESS_REQUEST_FINALIZER],
    },
    spec: aSpec(),
  };
}

/** The objects of the grants of one AccessRequest that exists, as the back end writes them. */
export class GrantDrafts {
  /** Writes the AccessRequest with this credential and keeps its UID. */
  static async of(kubectl: Kubectl, grantNamespace: string) {
    const id = aRequestId();
    const written = await kubectl(
      ['create', '--filename=-', '--output=json'],
      anAccessRequest(id),
    );
    return new GrantDrafts(
      id,
      JSON.parse(written).metadata.uid,
      grantNamespace,
    );
  }

  private constructor(
    readonly id: string,
    readonly uid: string,
    readonly grantNamespace: string,
  ) {}

  get resourceName(): string {
    return `ar-${this.id}`;
  }

  /** One request has one name; tests have one each, by the part that names the requester. */
  name(slug: string): string {
    return `${GRANT_NAME_PREFIX}${slug}-${this.id}-${this.uid.slice(0, 8)}`;
  }

  /** Takes away the AccessRequest; Kubernetes does so with what it owns. */
  async remove(kubectl: Kubectl): Promise<void> {
    const one = ['accessrequest', this.resourceName];
    const released = { metadata: { finalizers: null } };
    await kubectl([
      'patch',
      ...one,
      '--type=merge',
      `--patch=${JSON.stringify(released)}`,
    ]);
    await kubectl(['delete', ...one]);
  }

  serviceAccount(slug: string): Draft {
    return {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: this.#metadata(slug, this.grantNamespace),
      automountServiceAccountToken: false,
    };
  }

  role(
    slug: string,
    namespace: string,
    rules: Rule[] = execOn('wanted'),
  ): Draft {
    return {
      apiVersion: `${RBAC}/v1`,
      kind: 'Role',
      metadata: this.#metadata(slug, namespace),
      rules,
    };
  }

  roleBinding(slug: string, namespace: string): Draft {
    const name = this.name(slug);
    return {
      apiVersion: `${RBAC}/v1`,
      kind: 'RoleBinding',
      metadata: this.#metadata(slug, namespace),
      roleRef: { apiGroup: RBAC, kind: 'Role', name },
      subjects: [
        { kind: 'ServiceAccount', name, namespace: this.grantNamespace },
      ],
    };
  }

  #metadata(slug: string, namespace: string): Draft['metadata'] {
    return {
      name: this.name(slug),
      namespace,
      labels: labelsOf(this.id),
      ownerReferences: [
        {
          apiVersion: `${API_GROUP}/${API_VERSION}`,
          kind: 'AccessRequest',
          name: this.resourceName,
          uid: this.uid,
        },
      ],
    };
  }
}

function labelsOf(id: string): Record<string, string> {
  return {
    [LABELS.managedBy]: MANAGED_BY,
    // Of no installation, so that no back end takes it for its own.
    [LABELS.installation]: 'chart-tests',
    [LABELS.request]: id,
  };
}
