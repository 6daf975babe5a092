// The command's entry: every verb is declared here in one line, and its file is loaded when it is called.
import { Command } from 'commander'

const program = new Command('flowlab')
program.description('Labs that prove whether flow monitoring tells the truth')
await program.parseAsync()
