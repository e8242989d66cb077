using FocalSharp.Datasets;
using FocalSharp.Datasets.Linting;

namespace FocalSharp.Core.Tests.Datasets.Linting;

public sealed class LintRuleTests
{
    public static TheoryData<string> Codes => [.. LintCatalog.Rules.Select(rule => rule.Id)];

    [Theory]
    [MemberData(nameof(Codes))]
    public void A_violation_of_each_rule_is_found_with_places_and_fix(string code)
    {
        using TestFolder folder = new();
        (DetectionDataset set, int count, ImageFingerprint[]? prints, DatasetCheckOptions? options) = LintDatasets.Broken(code, folder);

        LintFinding finding = Assert.Single(DatasetCheck.Run(set, options, prints).Findings, finding => finding.Id == code);

        Assert.Equal(count, finding.Count);
        Assert.NotEmpty(finding.Examples);
        Assert.All(finding.Examples, example => Assert.NotEmpty(example.Text));
        Assert.NotEmpty(finding.Fix);
    }

    [Fact]
    public void A_valid_data_set_has_no_finding()
    {
        DetectionDataset set = LintDatasets.Valid();

        Assert.Empty(DatasetCheck.Run(set, null, LintDatasets.Fingerprints(set.Images.Count)).Findings);
    }

    // Training stops there, so that the note must not announce held-out images.
    [Fact]
    public void A_val_split_that_does_not_exist_is_not_announced_as_held_out()
    {
        using TestFolder folder = new TestFolder().Image("images/train/a.png").Text("labels/train/a.txt", "0 0.5 0.5 0.2 0.2\n")
            .Text("data.yaml", "train: images/train\nval: images/nope\nnames: [a]\n");

        LintFinding finding = Assert.Single(DatasetCheck.Run(DatasetReader.Read(folder.Path)).Findings, finding => finding.Id == "FS407");

        Assert.Contains("the val split, 'images/nope', does not exist: training stops", finding.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void An_image_that_uses_all_16_bits_shows_that_the_others_are_only_dark()
    {
        DetectionDataset set = LintDatasets.Valid();
        ImageFingerprint[] prints = LintDatasets.Fingerprints(set.Images.Count);
        prints[2] = prints[2] with { BitsPerSample = 16, BitsUsed = 12 };
        prints[3] = prints[3] with { BitsPerSample = 16, BitsUsed = 16 };

        Assert.DoesNotContain(DatasetCheck.Run(set, null, prints).Findings, finding => finding.Id == "FS119");
    }

    [Fact]
    public void Codes_and_names_are_unique_in_order_and_well_formed()
    {
        string[] codes = [.. LintCatalog.Rules.Select(rule => rule.Id)];

        Assert.Equal(codes.Distinct().Order(StringComparer.Ordinal), codes);
        Assert.All(codes, code => Assert.Matches("^FS[1-5][0-9][0-9]$", code));
        Assert.Equal(codes.Length, LintCatalog.Rules.Select(rule => rule.Name).Distinct().Count());
        Assert.All(LintCatalog.Rules, rule => Assert.DoesNotContain('|', rule.Description + rule.Fix));
    }

    [Fact]
    public void Every_kind_of_problem_has_a_rule()
    {
        Assert.Equal(
            Enum.GetValues<DatasetProblemKind>().Order(),
            LintCatalog.Rules.OfType<FocalSharp.Datasets.Linting.Rules.ReadProblemRule>().Select(rule => rule.Kind).Order());
    }

    [Fact]
    public void The_most_severe_come_first_and_the_number_of_examples_is_limited()
    {
        DetectionDataset set = LintDatasets.Valid();
        set = set with
        {
            Images = [.. set.Images.Select(image => image with { Objects = [] })],
            Problems = [new DatasetProblem(DatasetProblemKind.MissingImage, "a.json", "a.png", null, "text")],
        };

        IReadOnlyList<LintFinding> findings = DatasetCheck.Run(set, new DatasetCheckOptions { MaxExamples = 4 }).Findings;

        Assert.Equal("FS101", findings[0].Id);
        LintFinding empty = Assert.Single(findings, finding => finding.Id == "FS309");
        Assert.Equal((40, 4), (empty.Count, empty.Examples.Count));
    }

    [Fact]
    public void The_documentation_lists_every_rule()
    {
        string page = File.ReadAllText(System.IO.Path.Combine(RepositoryRoot.Path, "docs", "data.md"));
        string table = string.Concat(LintCatalog.Rules.Select(rule =>
            $"| {rule.Id} | {rule.Name} | {rule.Severity.ToString().ToLowerInvariant()} | {rule.Description} | {rule.Fix} |\n"));

        Assert.Contains(table, page, StringComparison.Ordinal);
    }

    [Fact]
    public void A_custom_rule_runs_beside_the_built_in_ones()
    {
        DatasetCheckOptions options = new() { Rules = [.. LintCatalog.Rules, new TallBoxes()] };

        DetectionDataset set = LintDatasets.Valid();
        LintFinding finding = Assert.Single(DatasetCheck.Run(set, options).Findings);

        Assert.Equal(("ACME1", LintSeverity.Note), (finding.Id, finding.Severity));
        Assert.Equal(set.Images.Sum(image => image.Objects.Count(item => item.Box.Height > item.Box.Width)), finding.Count);
    }

    private sealed class TallBoxes() : LintRule("ACME1", "tall-box", LintSeverity.Note, "boxes that are taller than wide", "check them")
    {
        protected override void Analyze(LintContext context, LintCollector found)
        {
            foreach (DatasetImage image in context.Dataset.Images)
            {
                for (int i = 0; i < image.Objects.Count; i++)
                {
                    if (image.Objects[i].Box is { } box && box.Height > box.Width)
                    {
                        found.Add(image, i, $"{box.Width:F0} x {box.Height:F0} px");
                    }
                }
            }
        }
    }
}
