using FocalSharp.Models.Catalog;

namespace FocalSharp.Models.Tests.Catalog;

public sealed class ModelCatalogTests
{
    [Fact]
    public void Names_are_words_that_a_shell_and_a_folder_take_and_each_is_there_once()
    {
        string[] names = [.. ModelCatalog.Entries.Select(entry => entry.Name)];

        Assert.All(names, name => Assert.Matches("^[a-z0-9]+(-[a-z0-9]+)*$", name));
        Assert.Equal(names.Distinct(), names);
    }

    [Fact]
    public void Every_entry_says_whose_it_is_how_good_and_under_which_license()
    {
        Assert.All(ModelCatalog.Entries, entry =>
        {
            Assert.NotEmpty(entry.License);
            Assert.NotEmpty(entry.Notice);
            Assert.Matches(@"\d", entry.PublishedScore);
            Assert.True(entry.Source.TransferBytes > 1_000_000);
        });
    }

    [Fact]
    public void Web_files_come_over_https_and_are_known_by_a_hash()
    {
        HttpModelSource[] files = [.. ModelCatalog.Entries.Select(entry => entry.Source).OfType<HttpModelSource>()];

        Assert.NotEmpty(files);
        Assert.All(files, file =>
        {
            Assert.Equal("https", file.Url.Scheme);
            if (file.FileName.EndsWith(".pth", StringComparison.Ordinal))
            {
                Assert.Matches("^[0-9a-f]{8}$", file.HashPrefix);
                Assert.EndsWith($"-{file.HashPrefix}.pth", file.FileName, StringComparison.Ordinal);
            }
            else
            {
                // A file of a repository: at a commit, and with all digits of one of the two.
                Assert.Matches("/[0-9a-f]{40}/", file.Url.AbsolutePath);
                Assert.Matches("^([0-9a-f]{64})?$", file.HashPrefix);
                Assert.Matches("^([0-9a-f]{40})?$", file.GitBlobId);
                Assert.True(file.HashPrefix.Length > 0 != file.GitBlobId.Length > 0, file.FileName);
            }
        });
        Assert.Equal(files.Length, files.Select(file => file.Url).Distinct().Count());
    }

    [Theory]
    [InlineData("picodet-s-320-coco", "picodet-s_320", 320)]
    [InlineData("picodet-s-416-coco", "picodet-s_416", 416)]
    [InlineData("picodet-xs-416-coco", "picodet-xs_416", 416)]
    public async Task Published_files_are_pulled_from_a_folder_and_load(string name, string folder, int size)
    {
        string from = WeightData.Require(folder);
        using TemporaryFolder cache = new();
        using ZooSample monitor = new();
        ModelStore store = new(new ModelStoreOptions { Folder = cache.Path });
        PullResult pulled = await store.PullAsync(store.Get(name), from, monitor, TestContext.Current.CancellationToken);
        using TorchDetector detector = TorchDetector.Load(pulled.Model.Path);
        Assert.Equal(80, detector.Model.Classes.Count);
        Assert.Equal((size, size), (detector.Model.Resize.LongSide, detector.Model.Resize.ShortSide));
    }

    [Fact]
    public void Packed_files_are_known_to_the_last_byte()
    {
        foreach (NpmModelSource package in ModelCatalog.Entries.Select(entry => entry.Source).OfType<NpmModelSource>())
        {
            Assert.Equal(64, Convert.FromBase64String(package.Sha512).Length);
            Assert.All(package.Files, file => Assert.Matches("^[0-9a-f]{64}$", file.Sha256));
            Assert.All(package.Files, file => Assert.DoesNotContain("..", file.Path, StringComparison.Ordinal));
        }
    }
}
