/**
 * Prices of boxes. Amazon EC2 on demand, Linux, us-east-1, family m7g, on 2026-06-17, from
 * https://aws.amazon.com/ec2/pricing/on-demand/ by way of
 * https://www.factualminds.com/blog/amazon-ec2-on-demand-pricing-instance-families-2026/: 0.0816 $/h for m7g.large; the
 * sizes of a family cost in proportion to their processors. Disks, traffic and load balancers of the provider are missing.
 */
export const priceList = {
  source: 'https://aws.amazon.com/ec2/pricing/on-demand/',
  date: '2026-06-17',
  what: 'Amazon EC2 on demand, us-east-1, Linux',
  hoursAMonth: 730,
  /** The smallest first. */
  boxes: [
    { name: 'm7g.medium', vcpus: 1, dollarsAnHour: 0.0408 },
    { name: 'm7g.large', vcpus: 2, dollarsAnHour: 0.0816 },
    { name: 'm7g.xlarge', vcpus: 4, dollarsAnHour: 0.1632 },
    { name: 'm7g.2xlarge', vcpus: 8, dollarsAnHour: 0.3264 },
    { name: 'm7g.4xlarge', vcpus: 16, dollarsAnHour: 0.6528 },
    { name: 'm7g.8xlarge', vcpus: 32, dollarsAnHour: 1.3056 },
    { name: 'm7g.12xlarge', vcpus: 48, dollarsAnHour: 1.9584 },
    { name: 'm7g.16xlarge', vcpus: 64, dollarsAnHour: 2.6112 },
  ],
};

export type Box = (typeof priceList.boxes)[number];

export const largestBox = priceList.boxes.at(-1)!;

/** The smallest box with so many processors; undefined if there is none. */
export const boxWith = (vcpus: number): Box | undefined => priceList.boxes.find((box) => box.vcpus >= vcpus);

export const dollarsAMonth = (box: Box, count: number) => box.dollarsAnHour * priceList.hoursAMonth * count;
