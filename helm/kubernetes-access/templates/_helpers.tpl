{{/* The prefix of the names of what the chart makes cluster-wide, so that two releases do not meet. */}}
{{- define "kubernetes-access.fullname" -}}
{{- if contains .Chart.Name .Release.Name -}}
{{- .Release.Name | trunc 53 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name .Chart.Name | trunc 53 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- define "kubernetes-access.labels" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/part-of: kubernetes-access
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name (.Chart.Version | replace "+" "_") }}
{{- with .Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{/* The namespace of the identity of the back end. */}}
{{- define "kubernetes-access.backendNamespace" -}}
{{- .Values.serviceAccount.namespace | default .Release.Namespace -}}
{{- end -}}

{{/* Who gets the rights of the back end. */}}
{{- define "kubernetes-access.backendSubject" -}}
- kind: ServiceAccount
  name: {{ .Values.serviceAccount.name }}
  namespace: {{ include "kubernetes-access.backendNamespace" . }}
{{- end -}}

{{/* The namespaces in which nothing is ever granted: those of Kubernetes itself, and our own. */}}
{{- define "kubernetes-access.excludedNamespaces" -}}
{{- list "kube-system" "kube-public" "kube-node-lease" .Release.Namespace (include "kubernetes-access.backendNamespace" .) .Values.grantNamespace.name | uniq | toJson -}}
{{- end -}}

{{/*
What the back end may do in a namespace in which it makes grants. It can pass on no more than it holds, so this is also the most that
any grant can ever contain. The verbs get and create on pods/exec are the same power: which of them is asked for depends on the
version of Kubernetes and on the protocol.
*/}}
{{- define "kubernetes-access.targetRules" -}}
# A Role is updated to follow pods; a RoleBinding never changes.
- apiGroups: ["rbac.authorization.k8s.io"]
  resources: ["roles"]
  verbs: ["get", "list", "watch", "create", "update", "delete"]
- apiGroups: ["rbac.authorization.k8s.io"]
  resources: ["rolebindings"]
  verbs: ["get", "list", "watch", "create", "delete"]
- apiGroups: [""]
  resources: ["pods"]
  verbs: ["get", "list", "watch"]
- apiGroups: [""]
  resources: ["pods/exec"]
  verbs: ["get", "create"]
- apiGroups: [""]
  resources: ["pods/log"]
  verbs: ["get"]
{{- end -}}
