{{/* The user that the back end is to the API server. */}}
{{- define "kubernetes-access.backendUser" -}}
system:serviceaccount:{{ include "kubernetes-access.backendNamespace" . }}:{{ .Values.serviceAccount.name }}
{{- end -}}

{{/* Lets a policy look at nothing but what the back end does. */}}
{{- define "kubernetes-access.onlyBackend" -}}
- name: the-back-end
  expression: request.userInfo.username == '{{ include "kubernetes-access.backendUser" . }}'
{{- end -}}

{{/*
Lets a policy look at what anybody does but back ends and those who may do everything in the cluster. The verb is none of Kubernetes'
own: the chart gives it to the back end, and otherwise only who holds every verb has it.
*/}}
{{- define "kubernetes-access.onlyOthers" -}}
- name: others
  expression: "!authorizer.group('kubernetes-access.io').resource('accessrequests').check('reconcile').allowed()"
{{- end -}}

{{/* The name of everything that a grant consists of: prefix, requester, request, the first part of the AccessRequest's UID. */}}
{{- define "kubernetes-access.grantName" -}}
request.name.matches('^kubernetes-access-[a-z0-9-]+-[0-7][0-9a-hjkmnp-tv-z]{25}-[0-9a-f]{8}$')
{{- end -}}

{{/* Whether an object says whose it is, and says the same in its name, its labels and the reference to its owner. */}}
{{- define "kubernetes-access.isMarked" -}}
object.metadata.?labels[?'app.kubernetes.io/managed-by'].orValue('') == 'kubernetes-access' &&
object.metadata.?labels[?'kubernetes-access.io/installation'].orValue('') != '' &&
object.metadata.?ownerReferences.orValue([]).size() == 1 &&
object.metadata.ownerReferences.all(owner,
  owner.apiVersion.startsWith('kubernetes-access.io/') && owner.kind == 'AccessRequest' &&
  owner.name == 'ar-' + object.metadata.?labels[?'kubernetes-access.io/request'].orValue('?') &&
  object.metadata.name.endsWith(
    '-' + object.metadata.?labels[?'kubernetes-access.io/request'].orValue('?') +
    '-' + owner.uid.split('-', 2)[0]))
{{- end -}}

{{/* The validations that everything of a grant has to pass. A deletion by its name is always allowed: that ends access. */}}
{{- define "kubernetes-access.grantValidations" -}}
- expression: {{ include "kubernetes-access.grantName" . }}
  messageExpression: "'the back end changes only what is named as a grant is, not ' + (request.name == '' ? 'unnamed objects' : request.name)"
  reason: Forbidden
- expression: request.operation == 'DELETE' || variables.isMarked
  message: what the back end makes carries its labels and belongs to the AccessRequest that its name says
  reason: Forbidden
{{- end -}}

{{/* The first lines of a policy. It takes a dict: root and name. */}}
{{- define "kubernetes-access.policyHead" -}}
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata:
  name: {{ include "kubernetes-access.fullname" .root }}-{{ .name }}
  labels:
    {{- include "kubernetes-access.labels" .root | nindent 4 }}
{{- end -}}

{{/* Puts a policy in force. It takes a dict: root and name. */}}
{{- define "kubernetes-access.policyBinding" -}}
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata:
  name: {{ include "kubernetes-access.fullname" .root }}-{{ .name }}
  labels:
    {{- include "kubernetes-access.labels" .root | nindent 4 }}
spec:
  policyName: {{ include "kubernetes-access.fullname" .root }}-{{ .name }}
  validationActions: ["Deny"]
{{- end -}}
