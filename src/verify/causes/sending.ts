// What is said of the way from a generator to the wire: told from the generators' reports and the kernel's count beside the sender
// (../sending/).

import type { Described } from './cause.ts'

export const trafficLost: Described = {
  id: 'traffic-lost',
  stage: 'sending',
  title: 'Less crossed the wire beside a sender than its generator says that it sent.',
  knownBy:
    'The generator’s report (`sent.json`) and the kernel’s count at the observation point at the other end of the sender’s link, or at its own. Only of packets that generators count themselves (UDP, ICMP, recordings), where no event happened and the link between is not meant to lose.',
  remedy: 'Look at the sender’s interface (`ip -s link`, `tc -s qdisc`) and at the generator’s log.',
  test: 'Put a probe on the sender’s own interface: what is missing there too never left, and the generator is wrong.',
}

export const generatorMiscounts: Described = {
  id: 'generator-miscounts',
  stage: 'sending',
  title: 'More crossed the wire beside a sender than its generator says that it sent.',
  knownBy:
    'As `traffic-lost`, of flows whose key nothing else in the lab has. The books are by the wire and not touched by it.',
  remedy: 'Do not trust this generator’s report; look at its log.',
  test: 'Send the same with another generator.',
}
