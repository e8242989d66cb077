using FocalSharp.Datasets;
using FocalSharp.Models.Catalog;
using FocalSharp.Torch.Detectors;

namespace FocalSharp.Models.Tests.Catalog;

public sealed class ModelCatalogTests
{
    [Fact]
    public void Names_are_words_that_a_shell_and_a_folder_take_and_each_is_there_once()
    {
        string[] names = [.. ModelCatalog.Entries.Select(entry => entry.Name)];

        Assert.All(names, name => Assert.Matches("^[a-z0-9]+([.-][a-z0-9]+)*$", name));
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
    public void The_light_models_that_were_fetched_have_a_time()
    {
        string[] timed = [.. ModelCatalog.Entries.Select(entry => entry.Name).Where(name => ModelTimings.Find(name) is > 0)];

        Assert.Superset(new HashSet<string> { "nanodet-g-coco", "nanodet-plus-m-416-coco", "picodet-s-416-coco" }, timed.ToHashSet());
        Assert.Null(ModelTimings.Find("no-such-model"));
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
    public void Files_at_a_fixed_commit_are_known_by_their_hash_or_by_gits_id()
    {
        HttpModelSource[] files = [.. ModelCatalog.Entries.Select(entry => entry.Source).OfType<HttpFilesModelSource>().SelectMany(source => source.Files)];

        Assert.NotEmpty(files);
        Assert.All(files, file =>
        {
            Assert.Equal("https", file.Url.Scheme);
            Assert.Matches("/[0-9a-f]{40}/", file.Url.AbsolutePath);
            Assert.True(file.GitBlobId.Length == 0 ? file.HashPrefix.Length == 64 : file.GitBlobId.Length == 40, file.FileName);
        });
    }

    /// <summary>The multiply-adds of NanoDet-Plus are half of the FLOPS that its authors publish: 0.9, 1.52, 1.75 and 2.97 G.</summary>
    [Theory]
    [InlineData("nanodet-plus-m-320-coco", 1.0, 96, 0.9)]
    [InlineData("nanodet-plus-m-416-coco", 1.0, 96, 1.52)]
    [InlineData("nanodet-plus-m-1.5x-320-coco", 1.5, 128, 1.75)]
    [InlineData("nanodet-plus-m-1.5x-416-coco", 1.5, 128, 2.97)]
    public void Figures_are_those_of_the_network(string name, double width, int channels, double publishedOperations)
    {
        ModelFigures figures = ModelCatalog.Entries.Single(entry => entry.Name == name).Figures!;
        using GflDetector detector = new(NanoDetPlus.Create(width, channels, CocoClasses.Names));

        NetworkCost cost = NetworkCost.Compute(detector, figures.Height, figures.Width);

        Assert.Equal(figures.MultiplyAdds, cost.MultiplyAdds / 1e9, 0.006);
        Assert.InRange(2 * cost.MultiplyAdds / 1e9, publishedOperations * 0.98, publishedOperations * 1.02);
        Assert.InRange(cost.Parameters / 1e6, figures.Parameters, figures.Parameters * 1.03);
    }

    [Fact]
    public void NanoDet_gs_figures_are_those_of_the_network()
    {
        ModelFigures figures = ModelCatalog.Entries.Single(entry => entry.Name == "nanodet-g-coco").Figures!;
        using GflDetector detector = new(NanoDetG.Options);

        NetworkCost cost = NetworkCost.Compute(detector, figures.Height, figures.Width);

        Assert.Equal(figures.MultiplyAdds, cost.MultiplyAdds / 1e9, 0.006);
        Assert.Equal(figures.Parameters, cost.Parameters / 1e6, 0.006);
    }

    [Fact]
    public void PicoDets_figures_are_those_of_the_networks()
    {
        foreach (ModelEntry entry in PicoDetModels.Entries)
        {
            PicoDetVariant variant = PicoDet.Variants.Single(one => entry.Summary.StartsWith(one.Name.Replace(" (", " of ", StringComparison.Ordinal).TrimEnd(')') + ",", StringComparison.Ordinal));
            using GflDetector detector = new(variant.ToOptions(CocoClasses.Names));

            NetworkCost cost = NetworkCost.Compute(detector, entry.Figures!.Height, entry.Figures.Width);

            Assert.True(Math.Abs(entry.Figures.MultiplyAdds - (cost.MultiplyAdds / 1e9)) < 0.006, $"{entry.Name}: {cost.MultiplyAdds / 1e9:F2} G, {cost.Parameters / 1e6:F2} M");
        }
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
