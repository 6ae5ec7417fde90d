import type { KubeObject } from '../kubernetes';

export interface ServiceAccount extends KubeObject {
  automountServiceAccountToken?: boolean;
}

export interface PolicyRule {
  apiGroups: string[];
  resources: string[];
  resourceNames?: string[];
  verbs: string[];
}

export interface Role extends KubeObject {
  rules?: PolicyRule[] | null;
}

export interface RoleBinding extends KubeObject {
  roleRef: { apiGroup: string; kind: string; name: string };
  subjects?: Array<{
    kind: string;
    name: string;
    namespace?: string;
    apiGroup?: string;
  }>;
}

/** What makes one target namespace of a grant real. */
export interface NamespaceGrant {
  namespace: string;
  role: Role;
  roleBinding: RoleBinding;
}

/** The objects that make a grant real. */
export interface GrantObjects {
  name: string;
  serviceAccount: ServiceAccount;
  namespaces: NamespaceGrant[];
}
