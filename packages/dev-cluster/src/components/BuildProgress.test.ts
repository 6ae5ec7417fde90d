import { BuildProgress } from './BuildProgress';

describe('BuildProgress', () => {
  let now = 0;
  let lines: string[];
  let progress: BuildProgress;

  beforeEach(() => {
    now = 1_000;
    lines = [];
    progress = new BuildProgress(
      'kubernetes',
      line => lines.push(line),
      () => now,
    );
  });

  afterEach(() => progress.stop());

  it('counts downloads and packages and ignores the rest', () => {
    [
      'go: downloading k8s.io/api v0.34.4',
      'internal/goarch',
      'k8s.io/kubernetes/pkg/apis/core/v1',
      'github.com/json-iterator/go',
      '# some/package',
      'main.go:3:1: syntax error',
    ].forEach(line => progress.see(line));
    now += 95_000;

    progress.report();

    expect(lines).toEqual([
      '  kubernetes: 1 modules downloaded, 3 packages compiled after 1 min 35 s',
    ]);
  });

  it('says nothing of downloads where there are none', () => {
    progress.see('k8s.io/api/core/v1');
    now += 20_000;

    progress.report();

    expect(lines).toEqual(['  kubernetes: 1 packages compiled after 20 s']);
  });
});
