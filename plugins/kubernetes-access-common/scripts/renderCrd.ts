import { stringify } from 'yaml';
import {
  ACCESS_REQUEST_CRD_NAME,
  ACCESS_REQUEST_PLURAL,
  API_GROUP,
  API_VERSION,
  CONTRACT_ANNOTATION,
  CONTRACT_VERSION,
} from '../src/resource/constants';
import {
  accessRequestSchema,
  PRINTER_COLUMNS,
  SELECTABLE_FIELDS,
} from '../src/resource/schema';

const spec = {
  group: API_GROUP,
  names: {
    kind: 'AccessRequest',
    listKind: 'AccessRequestList',
    plural: ACCESS_REQUEST_PLURAL,
    singular: 'accessrequest',
    shortNames: ['kareq'],
  },
  scope: 'Cluster',
  versions: [
    {
      name: API_VERSION,
      served: true,
      storage: true,
      subresources: { status: {} },
      additionalPrinterColumns: PRINTER_COLUMNS,
      selectableFields: SELECTABLE_FIELDS.map(jsonPath => ({ jsonPath })),
      schema: { openAPIV3Schema: accessRequestSchema },
    },
  ],
};

/** The CustomResourceDefinition of AccessRequests as a template of the chart. */
export function renderCrd(): string {
  const body = stringify(
    { spec },
    { aliasDuplicateObjects: false, lineWidth: 0 },
  );
  if (body.includes('{{')) {
    throw new Error('The schema contains {{, which helm would take as its own');
  }
  return `{{- /* Written by plugins/kubernetes-access-common/scripts/write-crd.ts: change the schema there, not here. */ -}}
{{- if .Values.crd.create -}}
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: ${ACCESS_REQUEST_CRD_NAME}
  labels:
    {{- include "kubernetes-access.labels" . | nindent 4 }}
  annotations:
    ${CONTRACT_ANNOTATION}: "${CONTRACT_VERSION}"
    # Deleting it would delete every request with it.
    helm.sh/resource-policy: keep
${body}{{- end }}
`;
}
