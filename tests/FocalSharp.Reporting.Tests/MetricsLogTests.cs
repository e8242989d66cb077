

namespace FocalSharp.Reporting.Tests;

public sealed class MetricsLogTests : IDisposable
{
    private readonly TemporaryFolder _temporary = new();

    private string Path => _temporary.In("metrics.csv");

    [Fact]
    public void Writes_a_header_and_a_row_at_once_readable()
    {
        using MetricsLog log = MetricsLog.Open(Path, "epoch", "loss", "AP");
        log.Append(("epoch", 1), ("loss", 0.1));

        Assert.Equal("epoch,loss,AP\n1,0.1,\n", ReadWhileOpen());
    }

    [Fact]
    public void Continues_and_removes_an_incomplete_row()
    {
        File.WriteAllText(Path, "epoch,loss\n1,0.5\n2,0.");
        using (MetricsLog log = MetricsLog.Open(Path, "epoch", "loss"))
        {
            log.Append(("loss", 0.25), ("epoch", 2));
        }

        Assert.Equal("epoch,loss\n1,0.5\n2,0.25\n", File.ReadAllText(Path));
    }

    [Fact]
    public void Rejects_other_columns()
    {
        File.WriteAllText(Path, "epoch,error\n1,0.5\n");

        Assert.Throws<FileException>(() => MetricsLog.Open(Path, "epoch", "loss"));
        Assert.Equal("epoch,error\n1,0.5\n", File.ReadAllText(Path));
    }

    [Fact]
    public void An_unknown_column_is_an_argument_error()
    {
        using MetricsLog log = MetricsLog.Open(Path, "epoch", "loss");

        ArgumentException error = Assert.Throws<ArgumentException>(() => log.Append(("los", 1)));

        Assert.Contains("Did you mean 'loss'?", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Reads_back_every_bit_and_leaves_gaps_out()
    {
        using (MetricsLog log = MetricsLog.Open(Path, "step", "loss", "AP"))
        {
            log.Append(("step", 1), ("loss", 1 / 3.0));
            log.Append(("step", 2), ("loss", double.NaN), ("AP", 0.5));
        }

        MetricsTable table = MetricsLog.Read(Path);

        Assert.Equal([(1, 1 / 3.0)], table.Points("step", "loss"));
        Assert.Equal([(2, 0.5)], table.Points("step", "AP"));
        Assert.Empty(table.Points("step", "absent"));
    }

    [Fact]
    public void A_cell_that_is_not_a_number_is_reported_with_its_line()
    {
        File.WriteAllText(Path, "epoch,loss\n1,0.5\n2,many\n");

        Assert.Contains("line 3: 'many'", Assert.Throws<FileException>(() => MetricsLog.Read(Path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_full_disk_is_reported()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "there is no /dev/full here");

        Assert.Throws<FileException>(() => MetricsLog.Open("/dev/full", "epoch"));
    }

    public void Dispose() => _temporary.Dispose();

    private string ReadWhileOpen()
    {
        using FileStream stream = new(Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using StreamReader reader = new(stream);
        return reader.ReadToEnd();
    }
}
