using FocalSharp.Runtime.Hosting;

namespace FocalSharp.Runtime.Tests.Hosting;

public sealed class FileChangeMonitorTests
{
    private static readonly FileStamp First = new("/m.onnx", 10, DateTime.UnixEpoch);
    private static readonly FileStamp Second = First with { Length = 20 };
    private static readonly FileStamp Third = First with { Length = 30 };

    [Fact]
    public void A_file_is_complete_when_it_stays_the_same_for_one_delay()
    {
        FileChangeMonitor changes = new(First);
        Assert.Equal([false, false, false, true, false], new[] { First, Second, Third, Third, Third }.Select(changes.Observe));
    }

    [Fact]
    public void A_file_that_is_away_for_a_while_has_not_changed()
    {
        FileChangeMonitor changes = new(First);
        Assert.Equal([false, false, false, false], new[] { First, null, First, First }.Select(changes.Observe));
    }

    [Fact]
    public void A_version_in_use_is_not_loaded_again()
    {
        FileChangeMonitor changes = new(First);
        changes.Accept(Second);
        Assert.Equal([false, false], new[] { Second, Second }.Select(changes.Observe));
    }

    [Fact]
    public void A_link_stands_for_its_target()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "links need a privilege on Windows");
        DirectoryInfo folder = Directory.CreateTempSubdirectory("links-");
        try
        {
            // As Kubernetes mounts a configuration: model.onnx → current/model.onnx, current → 1.
            foreach (string version in (string[])["1", "2"])
            {
                folder.CreateSubdirectory(version);
                File.WriteAllText(Path.Combine(folder.FullName, version, "model.onnx"), version);
                File.SetLastWriteTimeUtc(Path.Combine(folder.FullName, version, "model.onnx"), DateTime.UnixEpoch.AddYears(40 + version[0] - '0'));
            }

            string current = Path.Combine(folder.FullName, "current");
            Directory.CreateSymbolicLink(current, "1");
            string path = Path.Combine(folder.FullName, "model.onnx");
            File.CreateSymbolicLink(path, Path.Combine("current", "model.onnx"));
            FileStamp? before = FileStamp.Read(path);
            Directory.Delete(current);
            Directory.CreateSymbolicLink(current, "2");

            Assert.Equal(2011, before!.Written.Year);
            Assert.Equal(2012, FileStamp.Read(path)!.Written.Year);
            Assert.Null(FileStamp.Read(path + ".missing"));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
