namespace FocalSharp.Training.Distributed;

/// <summary>Creates the <see cref="ICollective"/> of this process.</summary>
public static class Collective
{
    /// <summary>The default of how long a rank may wait for another one: 10 minutes.</summary>
    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromMinutes(10);

    /// <summary>
    /// Joins the ranks that <c>mpirun</c> (MPICH, Open MPI) or <c>srun</c> started; a single process if this one was started alone, for which no MPI
    /// is loaded. Call it once, and dispose the result at the end of the process: MPI cannot be started twice.
    /// </summary>
    /// <param name="timeout">
    /// How long a rank may wait for another one before the run ends with a message that names it. Default: <see cref="DefaultTimeout"/>.
    /// </param>
    /// <exception cref="TrainingException">The process was started as one of several ranks, but MPI cannot be loaded or started.</exception>
    public static ICollective FromEnvironment(TimeSpan? timeout = null)
    {
        if (Launcher.Find(Environment.GetEnvironmentVariable) is not { Size: not 1 } launcher)
        {
            return SingleProcessCollective.Instance;
        }

        MpiCollective ranks = MpiCollective.Start(MpiLibrary.Load(launcher), timeout ?? DefaultTimeout);
        if (launcher.Size > 0 && ranks.Size != launcher.Size)
        {
            ranks.Dispose();
            throw new TrainingException(
                $"The launcher started {launcher.Size} ranks, but {ranks.LibraryName} reports {ranks.Size}: the launcher belongs to another MPI. "
                + $"Start the program with the mpirun of {ranks.LibraryName}, or name the other library in {MpiLibrary.PathVariable}.");
        }

        return ranks;
    }
}
