export function KubernetesAccessPage() {
  return null;
}

export function KubernetesAccessLegacyPage() {
  return null;
}
