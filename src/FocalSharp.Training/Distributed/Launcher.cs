using System.Globalization;

namespace FocalSharp.Training.Distributed;

/// <summary>The program that started this process as one of several ranks, recognized by the environment variables that it sets.</summary>
/// <param name="Rank">The rank, for messages before MPI is loaded.</param>
/// <param name="Size">The number of ranks, or 0 if the launcher does not say it.</param>
/// <param name="IsOpenMpi">Whether it is Open MPI's <c>mpirun</c>; false for MPICH's and for SLURM.</param>
internal sealed record Launcher(int Rank, int Size, bool IsOpenMpi)
{
    /// <summary>Finds the launcher; null if this process was started alone.</summary>
    /// <param name="getVariable">Returns an environment variable, or null.</param>
    public static Launcher? Find(Func<string, string?> getVariable)
    {
        // Open MPI; MPICH's hydra and SLURM's PMI; SLURM with PMIx (srun --mpi=pmix).
        if (Read("OMPI_COMM_WORLD_RANK") is { } open && Read("OMPI_COMM_WORLD_SIZE") is { } openSize)
        {
            return new Launcher(open, openSize, IsOpenMpi: true);
        }

        if (Read("PMI_RANK") is { } pmi && Read("PMI_SIZE") is { } pmiSize)
        {
            return new Launcher(pmi, pmiSize, IsOpenMpi: false);
        }

        return Read("PMIX_RANK") is { } pmix ? new Launcher(pmix, Read("SLURM_NTASKS") ?? 0, IsOpenMpi: true) : null;

        int? Read(string name) =>
            int.TryParse(getVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out int value) ? value : null;
    }
}
