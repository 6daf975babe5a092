// Bounds on what a hostile or broken exporter can make the decoder hold. All of them are options; these are the defaults.

/** Upper bounds. Octets are of the decoder's own buffers, not of the whole heap. */
export interface Limits {
  /** Most rows of a batch. */
  readonly batchRows: number
  /** Most octets of one batch's fixed-length columns: wide layouts get fewer rows. */
  readonly batchBytes: number
  /** A batch is handed over when its variable-length values exceed this many octets. */
  readonly arenaBytes: number
  /** Most octets of all open batches' fixed-length columns. */
  readonly totalBatchBytes: number
  /** Most observation domains (transport session + domain) remembered; the longest unheard one is forgotten. */
  readonly domains: number
  /** Most templates of one observation domain. */
  readonly templatesPerDomain: number
  /** Most templates of all domains together. */
  readonly templates: number
  /** Most fields of all templates together: what makes a template large. */
  readonly templateFields: number
  /** Seconds after which a template that came over UDP and was not refreshed is forgotten (RFC 7011 section 8.4). */
  readonly templateLifetime: number
  /** Most fields of one template. */
  readonly fieldsPerTemplate: number
  /** Most octets of sets that wait for their template, over all domains; the oldest are given up. */
  readonly pendingBytes: number
  /** Most nested lists of structured data (RFC 6313). */
  readonly listDepth: number
  /** Most samplers remembered of one domain. */
  readonly samplersPerDomain: number
  /** Most elements that one transport session may describe (RFC 5610). */
  readonly learnedElements: number
}

export const defaultLimits: Limits = {
  batchRows: 4096,
  batchBytes: 1 << 20,
  arenaBytes: 1 << 20,
  totalBatchBytes: 64 << 20,
  domains: 4096,
  templatesPerDomain: 4096,
  templates: 65_536,
  templateFields: 1 << 18,
  templateLifetime: Infinity,
  fieldsPerTemplate: 1024,
  pendingBytes: 8 << 20,
  listDepth: 8,
  samplersPerDomain: 4096,
  learnedElements: 4096,
}
