using FocalSharp.Datasets;
using FocalSharp.Datasets.Reading;

namespace FocalSharp.Core.Tests.Datasets.Reading;

public sealed class ProblemGroupTests
{
    [Fact]
    public void One_cause_in_thirty_thousand_files_is_one_line_with_the_first_three_places()
    {
        ProblemLog log = new();
        for (int i = 0; i < 30_000; i++)
        {
            log.Add(DatasetProblemKind.UnreadableAnnotation, $"labels/{i}.txt", $"'0,{i}' is not a number, skipped", "write a decimal point", $"{i}.png", 0, "line 1");
        }

        ProblemGroup group = Assert.Single(ProblemGroup.Create(log.Problems));

        Assert.Equal(30_000, group.Count);
        Assert.Equal(
            "30,000 times: '0,0' is not a number, skipped; write a decimal point. First: labels/0.txt line 1, labels/1.txt line 1, labels/2.txt line 1.",
            group.Describe());
    }

    [Fact]
    public void Causes_are_separate_and_those_that_lose_data_come_first()
    {
        ProblemLog log = new();
        log.Add(DatasetProblemKind.NonStandard, "a.json", "'annotation' is read as 'annotations'", "rename it");
        log.Add(DatasetProblemKind.UnreadableAnnotation, "a.txt", "it has 4 numbers, skipped", "write five");
        log.Add(DatasetProblemKind.UnreadableAnnotation, "b.txt", "it has 3 numbers, skipped", "write five");
        log.Add(DatasetProblemKind.UnreadableAnnotation, "b.txt", "'x' is not a number, skipped", "write a number");

        Assert.Equal([2, 1, 1], ProblemGroup.Create(log.Problems).Select(group => group.Count));
        Assert.True(ProblemGroup.Create(log.Problems)[^1].IsResolved);
    }
}
