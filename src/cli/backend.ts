// The option by which a user chooses where a lab is built, of every verb that builds one.

import { Option } from 'commander'
import { backendNames } from '../topology/topology.ts'

export const backendOption = (): Option =>
  new Option('--backend <backend>', "where the nodes live (default: the lab file's, else sandbox)").choices(
    backendNames,
  )
