namespace FocalSharp.Training.Tests.Distributed;

/// <summary>The exchange over both MPIs, on real ranks.</summary>
public sealed class MpiCollectiveTests
{
    public static TheoryData<string> Launchers => MpiRun.Launchers;

    [Theory]
    [MemberData(nameof(Launchers))]
    public void Ranks_exchange_values(string launcher)
    {
        (int exitCode, string output) = MpiRun.RunTests(launcher, 2, typeof(MpiRankTests));

        Assert.True(exitCode == 0, output);
    }
}
