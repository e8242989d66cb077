using FocalSharp.Evaluation.Coco;
using FocalSharp.Evaluation.ErrorAnalysis;

namespace FocalSharp.Core.Tests.Evaluation.ErrorAnalysis;

public sealed class ImageErrorsTests
{
    [Fact]
    public void Counts_each_error_once()
    {
        ImageErrors image = Assert.Single(ImageErrors.Compute(MatchedDetections.Create(ErrorScene.GroundTruth, ErrorScene.Results)));

        Assert.Equal((1, 6, 3), (image.ImageId, image.Objects, image.Found));
        Assert.All(ErrorBreakdown.Kinds, kind => Assert.Equal(1, image[kind]));
        Assert.Equal(6, image.Total);
    }

    [Fact]
    public void The_image_with_most_errors_comes_first_then_the_one_with_lower_recall()
    {
        CocoAnnotation Object(long id, long image) => new(id, image, 1, new CocoBox(200 * id, 0, 100, 100), 10000, IsCrowd: false);
        CocoResult Found(long id, long image) => new(image, 1, new CocoBox(200 * id, 0, 100, 100), 0.9);
        MatchedDetections evaluated = MatchedDetections.Create(
            new CocoGroundTruth("truth", [1, 2, 3, 4, 5], [new(1, "cat")], [Object(1, 1), Object(2, 2), Object(3, 2), Object(4, 3), Object(5, 3)]),
            new CocoResults("results", [Found(1, 1), Found(2, 2), Found(90, 3), Found(91, 4)]));

        Assert.Equal([(3, 3), (4, 1), (2, 1), (1, 0)], ImageErrors.Compute(evaluated).Select(image => ((int)image.ImageId, image.Total)));
    }
}
