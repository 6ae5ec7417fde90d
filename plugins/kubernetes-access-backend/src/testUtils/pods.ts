/** Container `app`, which sleeps for a day, and a spec that goes at once when it is deleted. */
export function aPodSpec(image: string, container: object = {}): object {
  return {
    terminationGracePeriodSeconds: 0,
    automountServiceAccountToken: false,
    containers: [
      {
        name: 'app',
        image,
        imagePullPolicy: 'IfNotPresent',
        command: ['sleep', '86400'],
        ...container,
      },
    ],
  };
}

/** A pod of {@link aPodSpec}, found by its label `app`. */
export function aPod(options: {
  name: string;
  namespace: string;
  app: string;
  image: string;
  /** What is different about its container. */
  container?: object;
}): object {
  const { name, namespace, app, image, container } = options;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace, labels: { app } },
    spec: aPodSpec(image, container),
  };
}
