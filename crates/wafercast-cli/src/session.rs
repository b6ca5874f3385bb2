//! The work on a run folder: block by block, with a checkpoint after each, to the summary and the report.

use std::time::Instant;

use wafercast::plan::Plan;
use wafercast::simulate::Sampling;
use wafercast::summarize::{RunContext, summarize};
use wafercast::summary::Summary;
use wafercast::tally::Tally;
use wafercast_analysis::Analyses;
use wafercast_lp::allocation::OptimalAllocation;

use crate::clock;
use crate::draws_table;
use crate::failure::Failure;
use crate::forecast::{self, Forecast};
use crate::interrupt::Interrupt;
use crate::prepare::Prepared;
use crate::progress::Progress;
use crate::run_folder::checkpoint::{self, Header};
use crate::run_folder::journal::{Event, Journal};
use crate::run_folder::manifest::{Manifest, Status};
use crate::run_folder::{DRAWS, REPORT, RunFolder};

/// How a session ended.
#[derive(Debug)]
pub enum Outcome {
    /// The answer is there.
    Done(Box<Summary>),
    /// Stopped on request, with so many draws done.
    Interrupted {
        /// Draws that are safe on disk.
        done: u64,
    },
}

/// What a session works on.
pub struct Session<'a> {
    /// The folder.
    pub folder: &'a RunFolder,
    /// Its manifest.
    pub manifest: Manifest,
    /// The scenario.
    pub prepared: &'a Prepared,
    /// The scenario, compiled.
    pub plan: &'a Plan,
    /// `--threads`
    pub threads: Option<u16>,
}

impl Session<'_> {
    /// Computes what is missing, then writes summary and report.
    pub fn finish(mut self, interrupt: &Interrupt) -> Result<Outcome, Failure> {
        let planner = forecast::planner(&self.prepared.scenario);
        let forecast = Forecast::new(self.plan, self.sampling(), planner.as_ref(), self.threads)?;
        self.manifest.threads = forecast.threads();
        let (mut tally, mut done) = self.checkpoint()?;
        let mut journal = Journal::open(self.folder.path())?;
        journal.append(&Event::Start {
            first: done,
            version: env!("CARGO_PKG_VERSION"),
            threads: forecast.threads(),
        })?;
        self.record(Status::Running, done)?;

        let mut progress = Progress::new(self.manifest.draws, done);
        while done < self.manifest.draws {
            if interrupt.is_asked() {
                progress.finish();
                journal.append(&Event::Interrupted { done })?;
                self.record(Status::Interrupted, done)?;
                return Ok(Outcome::Interrupted { done });
            }
            let end = (done + self.manifest.block).min(self.manifest.draws);
            self.block(&forecast, done..end, &mut tally, &mut journal)?;
            self.manifest.unplanned += planner
                .as_ref()
                .map_or(0, OptimalAllocation::take_unplanned);
            done = end;
            progress.set(done);
        }
        progress.finish();
        forecast::say_unplanned(self.manifest.unplanned);

        let summary = self.summarize(&tally);
        self.folder.write_summary(&summary)?;
        let report = report_html(&summary, &Analyses::default(), &self.manifest.language);
        self.folder.write(REPORT, report.as_bytes())?;
        self.record(Status::Done, done)?;
        journal.append(&Event::Done)?;
        self.folder.remove_checkpoint()?;
        Ok(Outcome::Done(Box::new(summary)))
    }

    /// One block: compute, keep the draws if asked, checkpoint, journal.
    fn block(
        &mut self,
        forecast: &Forecast,
        draws: std::ops::Range<u64>,
        tally: &mut Tally,
        journal: &mut Journal,
    ) -> Result<(), Failure> {
        let begun = Instant::now();
        tally.merge(&forecast.tally(draws.clone()));
        if self.manifest.keep_draws {
            self.keep(forecast, draws.clone())?;
        }
        // After the last block the results follow at once.
        if draws.end < self.manifest.draws {
            checkpoint::write(self.folder.path(), &self.header(draws.end), tally)?;
        }
        let seconds = begun.elapsed().as_secs_f64();
        self.manifest.seconds += seconds;
        journal.append(&Event::Block {
            first: draws.start,
            end: draws.end,
            seconds,
        })
    }

    /// Writes a block's draws; before the checkpoint, so that what it covers is there.
    fn keep(&self, forecast: &Forecast, draws: std::ops::Range<u64>) -> Result<(), Failure> {
        let first = draws.start;
        let mut tables = forecast.tables(draws);
        for table in &mut tables {
            draws_table::name_claims(table, &self.prepared.scenario);
        }
        if first == 0 {
            let columns = draws_table::columns(&tables).to_csv()?;
            self.folder
                .write(&format!("{DRAWS}/columns.csv"), &columns)?;
        }
        let bytes = draws_table::draws(&tables).to_parquet()?;
        self.folder
            .write(&format!("{DRAWS}/{first:012}.parquet"), &bytes)
    }

    fn checkpoint(&self) -> Result<(Tally, u64), Failure> {
        let found = checkpoint::read::<Tally>(self.folder.path(), &self.header(0))?;
        Ok(match found {
            Some((header, tally)) => (tally, header.done),
            None => (Tally::empty(self.plan), 0),
        })
    }

    fn header(&self, done: u64) -> Header {
        let manifest = &self.manifest;
        Header::new(
            manifest.plan_hash.clone(),
            manifest.seed,
            manifest.draws,
            manifest.design,
            done,
        )
    }

    fn record(&mut self, status: Status, done: u64) -> Result<(), Failure> {
        self.manifest.status = status;
        self.manifest.draws_done = done;
        self.manifest.updated = clock::utc();
        self.manifest.write(self.folder.path())
    }

    fn sampling(&self) -> Sampling {
        Sampling {
            draws: self.manifest.draws,
            seed: self.manifest.seed,
            design: self.manifest.design,
        }
    }

    fn summarize(&self, tally: &Tally) -> Summary {
        let context = RunContext {
            scenario_name: self.manifest.scenario.clone(),
            command: self.manifest.command.clone(),
            set: self.manifest.set.clone(),
            sampling: self.sampling(),
        };
        let prepared = self.prepared;
        summarize(
            self.plan,
            &prepared.scenario,
            &prepared.facts,
            &prepared.sources,
            tally,
            &context,
        )
    }
}

/// The report with the analyses that were made, opening in a language.
pub fn report_html(summary: &Summary, analyses: &Analyses, language: &str) -> String {
    let language = wafercast_report::Language::from_tag(language).unwrap_or_default();
    wafercast_report::html_with(summary, analyses, language)
}
