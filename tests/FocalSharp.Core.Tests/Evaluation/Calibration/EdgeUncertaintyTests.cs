using FocalSharp.Boxes;
using FocalSharp.Datasets;
using FocalSharp.Detections;
using FocalSharp.Evaluation.Calibration;

namespace FocalSharp.Core.Tests.Evaluation.Calibration;

public sealed class EdgeUncertaintyTests
{
    private static readonly SideValues Sigma = new(1, 2, 3, 4);

    [Fact]
    public void Pairs_each_side_with_its_error_and_blur()
    {
        DatasetImage image = Image(new ObjectAnnotation { Label = 0, Box = new Box(10, 20, 110, 120), SideBlur = new SideValues(5, 6, 7, 8) });

        IReadOnlyList<EdgeObservation> edges = EdgeUncertainty.Observe([image], [[new Detection(new Box(11, 18, 113, 116), 0, 0.9f, Sigma)]]);

        Assert.Equal([new(0, 1, 1, 5), new(1, 2, 2, 6), new(2, 3, 3, 7), new(3, 4, 4, 8)], edges);
        Assert.Equal(1, EdgeUncertainty.SpearmanWithBlur(edges), 12);
        Assert.Equal(1, EdgeUncertainty.SpearmanWithError(edges), 12);
    }

    [Fact]
    public void An_object_is_observed_once_by_its_most_confident_detection()
    {
        DatasetImage image = Image(new ObjectAnnotation { Label = 0, Box = new Box(0, 0, 100, 100) });
        Detection weak = new(new Box(0, 0, 100, 100), 0, 0.3f, Sigma);
        Detection strong = new(new Box(2, 0, 100, 100), 0, 0.8f, Sigma);

        IReadOnlyList<EdgeObservation> edges = EdgeUncertainty.Observe([image], [[weak, strong]]);

        Assert.Equal(4, edges.Count);
        Assert.Equal(2, edges[0].Error);
        Assert.Null(edges[0].Blur);
        Assert.True(double.IsNaN(EdgeUncertainty.SpearmanWithBlur(edges)));
    }

    [Fact]
    public void Crowds_other_classes_and_low_IoU_are_ignored()
    {
        Box box = new(0, 0, 100, 100);
        DatasetImage image = Image(
            new ObjectAnnotation { Label = 0, Box = box, IsCrowd = true }, new ObjectAnnotation { Label = 1, Box = new Box(50, 0, 150, 100) });

        Assert.Empty(EdgeUncertainty.Observe([image], [[new Detection(box, 0, 0.9f, Sigma), new Detection(box, 1, 0.9f, Sigma)]]));
    }

    private static DatasetImage Image(params ObjectAnnotation[] objects) =>
        new() { Id = 1, FileName = "a.png", Path = "a.png", Width = 200, Height = 200, Objects = objects };
}
