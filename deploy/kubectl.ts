/** `npm run kubectl -- …`: the kubectl of the lockfile, on the cluster that KUBECONFIG names or else that of `npm run kubernetes`. */
import { binaryOf } from '@shop/cluster/binaries.ts';
import { kubeconfig } from '@shop/cluster/own-cluster.ts';
import { execa } from 'execa';

const { exitCode } = await execa(await binaryOf('kubectl'), process.argv.slice(2), {
  stdio: 'inherit',
  reject: false,
  env: { KUBECONFIG: process.env.KUBECONFIG ?? kubeconfig },
});
process.exitCode = exitCode ?? 1;
