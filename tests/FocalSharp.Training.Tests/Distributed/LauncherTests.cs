using FocalSharp.Training.Distributed;

namespace FocalSharp.Training.Tests.Distributed;

public sealed class LauncherTests
{
    [Theory]
    [InlineData("PMI_RANK=2 PMI_SIZE=4 MPI_LOCALRANKID=2", 2, 4, false)] // MPICH's hydra, and srun --mpi=pmi2
    [InlineData("OMPI_COMM_WORLD_RANK=0 OMPI_COMM_WORLD_SIZE=3 PMIX_RANK=0", 0, 3, true)]
    [InlineData("PMIX_RANK=7 SLURM_PROCID=7 SLURM_NTASKS=16", 7, 16, true)] // srun --mpi=pmix
    [InlineData("PMIX_RANK=1", 1, 0, true)] // the size comes from MPI
    public void Variables_of_a_launcher_give_rank_and_size(string environment, int rank, int size, bool isOpenMpi) =>
        Assert.Equal(new Launcher(rank, size, isOpenMpi), Launcher.Find(Read(environment)));

    [Theory]
    [InlineData("")]
    [InlineData("SLURM_PROCID=0 SLURM_NTASKS=4")] // a batch script: srun without MPI starts independent processes
    [InlineData("PMI_RANK=x PMI_SIZE=2")]
    public void Without_a_launcher_there_is_none(string environment) => Assert.Null(Launcher.Find(Read(environment)));

    [Fact]
    public void A_process_on_its_own_is_one_rank()
    {
        ICollective ranks = Collective.FromEnvironment();

        Assert.Equal((0, 1), (ranks.Rank, ranks.Size));
        float[] values = [3];
        ranks.AllReduceSum(values);
        Assert.Equal(3, values[0]);
    }

    private static Func<string, string?> Read(string environment)
    {
        Dictionary<string, string> variables = environment.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(pair => pair.Split('=')).ToDictionary(pair => pair[0], pair => pair[1]);
        return name => variables.GetValueOrDefault(name);
    }
}
