using FocalSharp.Boxes;
using FocalSharp.Datasets;
using FocalSharp.Detections;
using FocalSharp.Explorer.Datasets;

namespace FocalSharp.Explorer.Tests.Detections;

public sealed class MissCounterTests
{
    [Fact]
    public void Counts_what_was_overlooked_and_what_was_made_up()
    {
        DatasetImage image = Image(new Box(0, 0, 10, 10), new Box(20, 0, 30, 10), new Box(40, 0, 50, 10));

        EvaluatedImage evaluated = MissCounter.Count(3, image, [
            Found(new Box(0, 0, 10, 9), 0.75f), Found(new Box(0, 0, 10, 10), 0.5f), Found(new Box(20, 0, 30, 10), 0.25f), Found(new Box(44, 0, 54, 10), 0.5f)]);

        // The second finds an object that the first has taken, the third is too unsure, the fourth overlaps too little.
        Assert.Equal((3, 2, 2), (evaluated.Index, evaluated.Missed, evaluated.FalsePositives));
        Assert.Equal(2.25, evaluated.ScoreDeficit, 6);
    }

    [Fact]
    public void A_crowd_is_neither_missed_nor_made_up()
    {
        DatasetImage image = Image() with { Objects = [new ObjectAnnotation { Label = 0, Box = new Box(0, 0, 100, 100), IsCrowd = true }] };

        EvaluatedImage evaluated = MissCounter.Count(0, image, [Found(new Box(5, 5, 15, 15), 0.9f)]);

        Assert.Equal((0, 0), (evaluated.Missed, evaluated.FalsePositives));
    }

    private static Detection Found(Box box, float score) => new(box, 0, score, default);

    private static DatasetImage Image(params Box[] boxes) => new()
    {
        Id = 1,
        FileName = "a.png",
        Path = "a.png",
        Width = 200,
        Height = 200,
        Objects = [.. boxes.Select(box => new ObjectAnnotation { Label = 0, Box = box })],
    };
}
