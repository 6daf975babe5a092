// The command as a value: all its verbs, each declared in a file of its own, which loads what it needs when it is called.
// main.ts runs it; docs/cli.md is written from it.

import { Command } from 'commander'
import { declare as declareCapture } from './capture.ts'
import { declare as declareChart } from './chart.ts'
import { declare as declareCompare } from './compare.ts'
import { declare as declareCurve } from './curve.ts'
import { declare as declareDecode } from './decode.ts'
import { declare as declareDeploy } from './deploy.ts'
import { declare as declareDestroy } from './destroy.ts'
import { declare as declareDoctor } from './doctor.ts'
import { declare as declareExec } from './exec.ts'
import { declare as declareExplain } from './explain.ts'
import { declare as declareGraph } from './graph.ts'
import { declare as declareImage } from './image.ts'
import { declare as declareExport } from './export.ts'
import { declare as declareImport } from './import.ts'
import { declare as declareInspect } from './inspect.ts'
import { declare as declareNetem } from './netem.ts'
import { declare as declareMatrix } from './matrix.ts'
import { declare as declareRecords } from './records.ts'
import { declare as declareReport } from './report.ts'
import { declare as declareRestart } from './restart.ts'
import { declare as declareRun } from './run.ts'
import { declare as declareSampling } from './sampling.ts'
import { declare as declareTop } from './top.ts'
import { declare as declareTraffic } from './traffic.ts'
import { declare as declareUi } from './ui.ts'
import { declare as declareValidate } from './validate.ts'
import { declare as declareVerify } from './verify.ts'

const verbs = [
  declareRun,
  declareMatrix,
  declareDeploy,
  declareInspect,
  declareExec,
  declareCapture,
  declareTraffic,
  declareRestart,
  declareNetem,
  declareTop,
  declareUi,
  declareVerify,
  declareReport,
  declareExplain,
  declareCompare,
  declareCurve,
  declareRecords,
  declareSampling,
  declareChart,
  declareDecode,
  declareDestroy,
  declareValidate,
  declareGraph,
  declareImport,
  declareExport,
  declareDoctor,
  declareImage,
]

/** Throws CommanderError instead of ending the process. */
export function createProgram(): Command {
  const program = new Command('flowlab')
    .description('Labs that prove whether flow monitoring (NetFlow, IPFIX, sFlow) tells the truth')
    .enablePositionalOptions()
  for (const declare of verbs) declare(program)
  for (const command of [program, ...program.commands])
    command.exitOverride().showHelpAfterError('(add --help for what it takes)')
  return program
}
