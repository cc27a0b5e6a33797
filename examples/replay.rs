//! Replays a manager's recording: what really happened, and what the simulator makes of the same traffic.
//!
//! ```text
//! cargo run --profile prove --features report --example replay -- RECORDING.jsonl [CONFIGURATION.json]
//! ```
//!
//! Writes `target/prove/recording.html` as well, with Horizon's auto-balancing next to the engine.

use queue_autoscale::config::Configuration;
use queue_autoscale::simulator::judgement::{Bounds, Summary};
use queue_autoscale::simulator::peers::Contestant;
use queue_autoscale::simulator::peers::HorizonStrategy;
use queue_autoscale::simulator::recorded::{Recording, RecordingError, Replay};
use queue_autoscale::simulator::report::{Run, run_page};
use queue_autoscale::simulator::{EngineAutoscaler, PoolOutcome, run};
use std::error::Error;
use std::fs::{File, create_dir_all, read_to_string, write};
use std::io::BufReader;
use std::process::ExitCode;
use std::sync::Arc;

/// What a recording does not tell is drawn; so many draws are taken together.
const DRAWS: u64 = 20;

fn main() -> ExitCode {
    match replay() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn replay() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let file = arguments.next().ok_or("give the recording")?;
    let configuration = match arguments.next() {
        Some(path) => Configuration::from_json(&serde_json::from_str(&read_to_string(path)?)?)?,
        None => Configuration::default(),
    };
    let configuration = Arc::new(configuration);
    let recording = Recording::read(BufReader::new(File::open(file)?))?;
    compare(&recording, &configuration)?;
    page(&recording, &configuration)
}

/// Prints each pool's workers and pickup times, real and replayed.
fn compare(recording: &Recording, configuration: &Arc<Configuration>) -> Result<(), RecordingError> {
    let real = Replay::of(recording, configuration, 0)?.real;
    let pools = real.len();
    let (mut workers, mut waits) = (vec![0.0; pools], vec![0.0; pools]);
    for seed in 0..DRAWS {
        let replay = Replay::of(recording, configuration, seed)?;
        let outcome = run(&replay.scenario, &replay.environment, &mut engine(&replay, configuration));
        for (place, pool) in outcome.pools.iter().enumerate() {
            workers[place] += pool.worker_seconds / outcome.seconds / DRAWS as f64;
            waits[place] += mean_wait(pool) / DRAWS as f64;
        }
    }
    println!("{:<28} {:>14} {:>14} {:>14} {:>14}", "", "workers, real", "replayed", "wait, real", "replayed");
    for (place, real) in real.iter().enumerate() {
        println!(
            "{:<28} {:>14.2} {:>14.2} {:>12.2} s {:>12.2} s",
            real.pool.to_string(),
            real.mean_workers(),
            workers[place],
            real.mean_pickup_seconds(),
            waits[place]
        );
    }
    Ok(())
}

fn engine(replay: &Replay, configuration: &Arc<Configuration>) -> EngineAutoscaler {
    let pools = replay.scenario.pools.iter().map(|traffic| traffic.pool.clone());
    EngineAutoscaler::new(Arc::clone(configuration), pools)
}

fn mean_wait(pool: &PoolOutcome) -> f64 {
    let total: f64 = pool.pickup_seconds.iter().map(|wait| f64::from(*wait)).sum();
    total / pool.pickup_seconds.len().max(1) as f64
}

fn page(recording: &Recording, configuration: &Arc<Configuration>) -> Result<(), Box<dyn Error>> {
    let replay = Replay::of(recording, configuration, 0)?;
    let own = run(&replay.scenario, &replay.environment, &mut engine(&replay, configuration));
    let horizon = Contestant::Horizon(HorizonStrategy::Time);
    let other = horizon.run(&replay.scenario, &replay.environment)?;
    let bounds = Bounds::of(&replay.scenario, &replay.environment);
    let runs = [("Queue Autoscale".to_owned(), &own), (horizon.name(), &other)].map(|(name, outcome)| Run {
        name,
        outcome,
        summary: Summary::of(&replay.scenario, outcome, &bounds),
    });
    create_dir_all("target/prove")?;
    write("target/prove/recording.html", run_page(&replay.scenario, &runs)?)?;
    println!("wrote target/prove/recording.html");
    Ok(())
}
