import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** In a copy of the chart, `broken` stands in the one place of the file where the chart has `sound`. */
type Break = { file: string; sound: RegExp | string; broken: string };

/** The shop's chart with one mechanism left out, to show that a check or a test fails without it. */
const brokenCharts = {
  /** A drain may evict every pod of a service at once. */
  'no-disruption-budgets': {
    file: 'templates/_helpers.tpl',
    sound: /apiVersion: policy\/v1\n.*?(?=\{\{- end \}\})/s,
    broken: '',
  },
  /**
   * The pods of the API stand on one machine. Without any rule the scheduler's own defaults would spread them, so their spread is
   * replaced by its opposite; `tolerations` stay as they are.
   */
  'api-pods-together': {
    file: 'templates/api.yaml',
    sound: '{{- include "shop.spread" $api | nindent 6 }}',
    broken: `{{- include "shop.spread" $api | regexFind "(?s)tolerations:.*" | nindent 6 }}
      affinity:
        podAffinity:
          requiredDuringSchedulingIgnoredDuringExecution:
            - topologyKey: kubernetes.io/hostname
              # Pods of one rollout, so that the pods of before do not say where.
              matchLabelKeys: [pod-template-hash]
              labelSelector: { matchLabels: {{ include "shop.selector" $api | fromYaml | toJson }} }`,
  },
  /** An edge stops listening at once when its pod is deleted. */
  'edge-without-pre-stop': {
    file: 'templates/edge.yaml',
    sound: /^ *lifecycle: .*\n/m,
    broken: '',
  },
} satisfies Record<string, Break>;

export type BrokenChart = keyof typeof brokenCharts;

/** Runs `body` on a copy of the chart that is broken in one place. @throws when the chart no longer has that place. */
export async function onBrokenChart<T>(
  chart: string,
  name: BrokenChart,
  body: (folder: string) => Promise<T>,
): Promise<T> {
  const { file, sound, broken } = brokenCharts[name];
  const folder = await mkdtemp(join(tmpdir(), `${name}-`));
  try {
    await cp(chart, folder, { recursive: true });
    const text = await readFile(join(folder, file), 'utf8');
    if (text.split(sound).length !== 2) throw new Error(`${file} has not one place that ${name} could break`);
    await writeFile(
      join(folder, file),
      text.replace(sound, () => broken),
    );
    return await body(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}
